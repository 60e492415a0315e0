// SPDX-License-Identifier: Apache-2.0
#include "documents/digest.hpp"

#include "documents/json.hpp"

#include <catch2/catch.hpp>

using namespace deployctl::documents;

TEST_CASE("the sum of the parts is the sum of the whole", "[documents]") {
    const std::string text = "a text that comes in parts";
    Sha256 sum;
    for (const char letter : text) {
        sum.add(std::string(1, letter));
    }
    CHECK(sum.hex() == sha256_hex(text));
    CHECK(Sha256().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
