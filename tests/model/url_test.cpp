// SPDX-License-Identifier: Apache-2.0
#include "model/url.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

TEST_CASE("only unreserved characters stand in a URL as they are", "[model]") {
    CHECK(url_encode("a-Z_0.~") == "a-Z_0.~");
    CHECK(url_encode("a b/c=\xc3\xa4") == "a%20b%2Fc%3D%C3%A4");
}
