// SPDX-License-Identifier: Apache-2.0
#include "model/semver.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;

TEST_CASE("semantic versions are ordered as section 11 says", "[model]") {
    const std::vector<std::string> in_order{
        "0.0.0",
        "0.9.10",
        "1.0.0-0",
        "1.0.0-2",
        "1.0.0-11",
        "1.0.0-99999999999999999999999",
        "1.0.0--1",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.1",
        "1.9.0",
        "1.10.0",
        "2.0.0",
        "18446744073709551616.0.0",
        "18446744073709551617.0.0",
    };
    for (std::size_t one = 0; one < in_order.size(); ++one) {
        for (std::size_t other = 0; other < in_order.size(); ++other) {
            CAPTURE(in_order[one], in_order[other]);
            CHECK(
                (*read_semver(in_order[one]) <=> *read_semver(in_order[other])) == (one <=> other)
            );
        }
    }
}

TEST_CASE("a leading v and the build say nothing", "[model]") {
    CHECK(read_semver("v1.2.3") == read_semver("1.2.3"));
    CHECK(read_semver("1.2.3+build.7") == read_semver("1.2.3+001"));
    CHECK(read_semver("1.2.3-rc.1+b") == read_semver("1.2.3-rc.1"));
    CHECK(read_semver("1.2.3-a-b.c-d")->prerelease == std::vector<std::string>{"a-b", "c-d"});
}

TEST_CASE("what is no semantic version is none", "[model]") {
    for (const std::string& text : std::vector<std::string>{
             "",
             "v",
             "1",
             "1.2",
             "1.2.3.4",
             "01.2.3",
             "1.02.3",
             "1.2.03",
             "1.2.x",
             "-1.2.3",
             "1.2.3-",
             "1.2.3-a..b",
             "1.2.3-01",
             "1.2.3-a_b",
             "1.2.3+",
             "1.2.3+a+b",
             "vv1.2.3",
             "V1.2.3",
             " 1.2.3",
             "1.2.3 ",
             "1..3",
             ".1.2.3",
             "1.2.3\n",
             "latest",
             "+1.2.3",
             "1.2.3-\xC3\xA4",
             std::string("1.2.3\0", 6),
             "1.2." + std::string(300, '3'),
         }) {
        CAPTURE(text);
        CHECK_FALSE(read_semver(text));
    }
}
