// SPDX-License-Identifier: Apache-2.0
#include "model/metrics.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace deployctl;
using Kind = OneNumber::Kind;

namespace {

MetricSeries series_of(double value, std::map<std::string, std::string> labels = {}) {
    return {std::move(labels), {{WallTime{}, value}}};
}

OneNumber number_of(std::vector<MetricSeries> series) {
    return one_number({MetricAnswer::Kind::series, std::move(series), "", {}});
}

}  // namespace

TEST_CASE("one series says one number, its last", "[model]") {
    CHECK(number_of({series_of(0.25)}).kind == Kind::number);
    CHECK(number_of({series_of(0.25)}).value == 0.25);
    CHECK(number_of({series_of(0)}).kind == Kind::number);
    const MetricSeries range{{}, {{WallTime{}, 1}, {WallTime(seconds(1)), 2}}};
    CHECK(number_of({range}).value == 2);
}

TEST_CASE("no series, and one without points, are no number", "[model]") {
    CHECK(number_of({}).kind == Kind::none);
    CHECK(number_of({MetricSeries{}}).kind == Kind::none);
    CHECK(number_of({}).text == "no series: nothing is measured there");
}

TEST_CASE("many series are named, the first of them, and never averaged", "[model]") {
    const auto two = number_of({series_of(1, {{"pod", "a"}, {"code", "500"}}), series_of(2)});
    CHECK(two.kind == Kind::many);
    CHECK(
        two.text ==
        "2 series instead of one: {code=\"500\", pod=\"a\"}, {}; sum them up in the query"
    );
    const auto six = number_of(std::vector<MetricSeries>(6, series_of(1)));
    CHECK(six.text == "6 series instead of one: {}, {}, {}, {}, {}, ...; sum them up in the query");
}

TEST_CASE("NaN and infinities are no number", "[model]") {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const auto nan = number_of({series_of(std::numeric_limits<double>::quiet_NaN())});
    CHECK(nan.kind == Kind::not_a_number);
    CHECK(nan.text == "NaN");
    CHECK(number_of({series_of(infinity)}).kind == Kind::not_a_number);
    CHECK(number_of({series_of(-infinity)}).text == "an infinite number");
}

TEST_CASE("what was refused or has failed is no number, in its own words", "[model]") {
    const auto kind = GENERATE(MetricAnswer::Kind::refused, MetricAnswer::Kind::failed);
    const auto answer = one_number({kind, {series_of(1)}, "parse error", {}});
    CHECK(answer.kind == Kind::failed);
    CHECK(answer.text == "parse error");
}
