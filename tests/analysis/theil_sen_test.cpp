// SPDX-License-Identifier: Apache-2.0
// Expected slope: SciPy 1.17's stats.theilslopes.
#include "analysis/theil_sen.hpp"

#include "analysis/median.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

using namespace deployctl::analysis;

TEST_CASE("wild values do not move the line", "[analysis]") {
    const std::vector<double> values{3, 4.5, 4, 6, 100, 7.2, 8, 9.9, 9, -40, 12, 13};
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < values.size(); ++i) {
        samples.push_back({static_cast<double>(i), values[i]});
    }
    const auto line = theil_sen(samples);
    REQUIRE(line);
    CHECK(line->slope == Approx(0.8333333333333334).epsilon(1e-12));
    CHECK(line->at_end == Approx(12.433333333333334));
}

TEST_CASE("a line needs two finite samples of two times", "[analysis]") {
    CHECK_FALSE(theil_sen({}));
    CHECK_FALSE(theil_sen(std::vector<Sample>{{0, 1}}));
    CHECK_FALSE(theil_sen(std::vector<Sample>{{5, 1}, {5, 2}}));
    CHECK_FALSE(theil_sen(std::vector<Sample>{{0, 1}, {1, NAN}}));
    CHECK(theil_sen(std::vector<Sample>{{0, 1}, {2, 5}})->slope == 2);
    CHECK(theil_sen(std::vector<Sample>{{2, 5}, {0, 1}})->at_end == 5);
}

TEST_CASE("the median is the middle, or between the two of it", "[analysis]") {
    CHECK(median({3}) == 3);
    CHECK(median({3, 1}) == 2);
    CHECK(median({9, 1, 5}) == 5);
    CHECK(median({4, 1, 9, 2}) == 3);
}
