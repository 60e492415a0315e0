// SPDX-License-Identifier: Apache-2.0
#include "model/address.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

TEST_CASE("a host and a port are an address", "[model]") {
    for (const auto* good :
         {"web:80", "db-1.shop.svc:5432", "10.0.0.1:1", "[::1]:65535", "[fe80::a]:9"}) {
        CAPTURE(good);
        CHECK(is_address(good));
    }
}

TEST_CASE("anything else is none, whatever it would become in a URL", "[model]") {
    const std::string bad = GENERATE(
        as<std::string>{},
        "",
        ":80",
        "web",
        "web:",
        "web:0",
        "web:65536",
        "web:-1",
        "web: 80",
        "web:80/",
        "web:80:81",
        "http://web:80",
        "user@web:80",
        "web/x:80",
        "web?:80",
        "we b:80",
        "web\n:80",
        "::1:80",
        "[]:80",
        "[web]:80",
        "[::1:80",
        "[::1%eth0]:80",
        "-web:80"
    );
    CAPTURE(bad);
    CHECK_FALSE(is_address(bad));
    CHECK_FALSE(is_address(std::string(300, 'a') + ":80"));
}
