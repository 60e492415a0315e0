// SPDX-License-Identifier: Apache-2.0
#include "model/url.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

TEST_CASE("only unreserved characters stand in a URL as they are", "[model]") {
    CHECK(url_encode("a-Z_0.~") == "a-Z_0.~");
    CHECK(url_encode("a b/c=\xc3\xa4") == "a%20b%2Fc%3D%C3%A4");
}

TEST_CASE("a URL of http has a host, and neither user nor query nor blanks", "[model]") {
    for (const auto* good : {"http://prom", "https://prom.example.com:9090/path/to"}) {
        CHECK(is_http_url(good));
    }
    for (const auto* bad :
         {"",
          "prom",
          "ftp://prom",
          "http://",
          "http:///path",
          "https://a@prom",
          "http://p/?q",
          "http://p/#f",
          "http://p/a b"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_http_url(bad));
    }
}
