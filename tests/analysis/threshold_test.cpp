// SPDX-License-Identifier: Apache-2.0
#include "analysis/threshold.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace deployctl;
using namespace deployctl::analysis;

TEST_CASE("a value is held against its limit from the side that is meant", "[analysis]") {
    CHECK(judge({Side::at_most, 0.5}, 0.5) == Answer::pass);
    CHECK(judge({Side::at_most, 0.5}, 0.6) == Answer::fail);
    CHECK(judge({Side::at_least, 0.99}, 0.99) == Answer::pass);
    CHECK(judge({Side::at_least, 0.99}, 0.98) == Answer::fail);
}

TEST_CASE("what is not finite is never a pass", "[analysis]") {
    for (const auto side : {Side::at_most, Side::at_least}) {
        for (const double value : {NAN, INFINITY, -INFINITY}) {
            CHECK(judge({side, 1}, value) == Answer::error);
            CHECK(judge({side, value}, 1) == Answer::error);
        }
    }
}
