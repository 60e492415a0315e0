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

TEST_CASE("what begins later than another series of its pod began at nothing", "[gates]") {
    const auto at = [](int minute) { return WallTime(minutes(minute)); };
    MetricAnswer answer{MetricAnswer::Kind::series, {}, "", {}};
    answer.series.push_back({{{"pod", "a"}, {"code", "200"}}, {{at(0), 50}, {at(5), 90}}});
    answer.series.push_back({{{"pod", "a"}, {"code", "500"}}, {{at(3), 1}, {at(5), 3}}});
    answer.series.push_back({{{"pod", "a"}, {"code", "503"}}, {{at(5), 4}}});
    answer.series.push_back({{{"pod", "b"}, {"code", "200"}}, {{at(4), 70}, {at(5), 75}}});
    const auto told = gates::increases_in(answer);
    CHECK(told.series[0].points.front().value == 40);
    CHECK(told.series[1].points.front().value == 3);
    CHECK(told.series[2].points.front().value == 4);
    CHECK(told.series[3].points.front().value == 5);  // of a pod that came then, from where it is
}

TEST_CASE("the range ends now and is ten minutes long", "[gates]") {
    const WallTime now{std::chrono::hours(1)};
    const auto range = gates::just_before(now);
    CHECK(range.to == now);
    CHECK(range.to - range.from == minutes(10));
    CHECK(range.step == seconds(30));
}
