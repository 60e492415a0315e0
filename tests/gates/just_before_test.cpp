// SPDX-License-Identifier: Apache-2.0
#include "gates/just_before.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace deployctl;

namespace {

MetricAnswer of_points(const std::vector<double>& values) {
    MetricSeries series;
    for (const double value : values) {
        series.points.push_back({WallTime(), value});
    }
    return {MetricAnswer::Kind::series, {series}, "", {}};
}

}  // namespace

TEST_CASE("what a counter gained over a range counts across its restarts", "[gates]") {
    const auto told = gates::increases_in(of_points({100, 150, 20, 30}));
    REQUIRE(told.series.front().points.size() == 1);
    CHECK(told.series.front().points.front().value == 80);
}

TEST_CASE("a series that says nothing of a range adds nothing", "[gates]") {
    CHECK(gates::increases_in(of_points({100})).series.front().points.empty());
    CHECK(gates::increases_in(of_points({})).series.front().points.empty());
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(gates::increases_in(of_points({1, nan, 3})).series.front().points.empty());
    CHECK(gates::increases_in(of_points({1, -1})).series.front().points.empty());
}

TEST_CASE("the range ends now and is ten minutes long", "[gates]") {
    const WallTime now{std::chrono::hours(1)};
    const auto range = gates::just_before(now);
    CHECK(range.to == now);
    CHECK(range.to - range.from == minutes(10));
    CHECK(range.step == seconds(30));
}
