// SPDX-License-Identifier: Apache-2.0
// What gates have measured, as lines of a chart.
#include "cli/output/series_view.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::cli;
using Catch::Contains;

namespace {

engine::GateSeries series(const std::vector<double>& values, std::optional<double> limit) {
    engine::GateSeries made{"errors", "canary", gates::Measured::Unit::share, limit, {}, {}};
    WallTime at = read_rfc3339("2026-11-24T12:28:55Z").value();
    for (const double value : values) {
        made.points.push_back({at, value});
        at += seconds(10);
    }
    return made;
}

const Style unicode{};
const Style ascii{false, true, 80};

}  // namespace

TEST_CASE("a line rises with its values, up to the limit", "[cli]") {
    CHECK(sparkline(series({0, 0.01, 0.02}, std::nullopt), unicode) == "▁▅█");
    CHECK(sparkline(series({0, 0.01, 0.02}, std::nullopt), ascii) == "_=#");
    CHECK(sparkline(series({0, 0.01, 0.02}, 0.08), unicode) == "▁▂▃");
    CHECK(sparkline(series({0.01, 0.01}, std::nullopt), unicode) == "▁▁");
}

TEST_CASE("of many points the worst of a column is shown", "[cli]") {
    std::vector<double> values(480, 0.01);
    values[100] = 0.05;
    const auto line = sparkline(series(values, std::nullopt), ascii);
    CHECK(line.size() == 48);
    CHECK(line[10] == '#');
    CHECK(line.find_first_not_of("_#") == std::string::npos);
}

TEST_CASE("the chart tells times, figures and limit, and marks what is beyond", "[cli]") {
    const auto text = draw_series({series({0.01, 0.03, 0.02}, 0.02)}, unicode);
    CHECK(
        text ==
        "\nMeasured\n"
        "  errors canary  12:28:55  ▁█▅  12:29:15  min 1%  max 3%  last 2%  limit 2%\n"
        "                            ^             ^ beyond the limit\n"
    );
    CHECK(draw_series({}, unicode).empty());
}

TEST_CASE("a series is data, too", "[cli]") {
    const auto value = to_value(std::vector{series({0.01, 0.03}, 0.02)});
    CHECK(value.text("/0/gate") == "errors");
    CHECK(value.text("/0/unit") == "share");
    CHECK(value.real("/0/limit") == 0.02);
    CHECK(value.text("/0/points/1/at") == "2026-11-24T12:29:05.000000Z");
    CHECK(value.real("/0/points/1/value") == 0.03);
}
