// SPDX-License-Identifier: Apache-2.0
#include "cli/output/series_view.hpp"

#include "analysis/wording.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace deployctl::cli {

namespace {

constexpr std::size_t most_columns = 48;
constexpr std::array<std::string_view, 8> blocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 8> letters{"_", ".", ":", "-", "=", "+", "*", "#"};

using engine::GateSeries;
using Bad = gates::Measured::Bad;

double worse(const GateSeries& series, double one, double other) {
    return series.bad == Bad::above ? std::max(one, other) : std::min(one, other);
}

/// One value a column.
std::vector<double> columns_of(const GateSeries& series) {
    const auto count = std::min(series.points.size(), most_columns);
    std::vector<double> columns(count);
    std::vector<bool> is_set(count);
    for (std::size_t i = 0; i < series.points.size(); ++i) {
        const auto at = i * count / series.points.size();
        const double value = series.points[i].value;
        columns[at] = is_set[at] ? worse(series, columns[at], value) : value;
        is_set[at] = true;
    }
    return columns;
}

struct Range {
    double low = 0;
    double high = 0;
};

Range range_of(const GateSeries& series) {
    const auto [low, high] = std::ranges::minmax(series.points, {}, &engine::SeriesPoint::value);
    return {low.value, high.value};
}

bool is_beyond(const GateSeries& series, double value) {
    return series.limit &&
           (series.bad == Bad::above ? value > *series.limit : value < *series.limit);
}

std::string number(const GateSeries& series, double value) {
    return series.unit == gates::Measured::Unit::share ? analysis::percent(value)
                                                       : analysis::short_number(value);
}

std::string name_of(const GateSeries& series) {
    return printable(series.gate) + (series.what.empty() ? "" : " " + printable(series.what));
}

std::string figures(const GateSeries& series) {
    const auto [low, high] = range_of(series);
    auto text = "min " + number(series, low) + "  max " + number(series, high) + "  last " +
                number(series, series.points.back().value);
    if (series.limit) {
        text +=
            (series.bad == Bad::above ? "  limit " : "  at least ") + number(series, *series.limit);
    }
    return text;
}

/// Where it was beyond its limit; empty where it never was.
std::string marks(const GateSeries& series) {
    std::string text;
    for (const double value : columns_of(series)) {
        text += is_beyond(series, value) ? '^' : ' ';
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

}  // namespace

std::string sparkline(const GateSeries& series, const Style& style) {
    const auto& signs = style.ascii ? letters : blocks;
    auto [low, high] = range_of(series);
    low = std::min(low, series.limit.value_or(low));
    high = std::max(high, series.limit.value_or(high));
    std::string text;
    for (const double value : columns_of(series)) {
        const double height = high > low ? value / (high - low) - low / (high - low) : 0;
        const auto level = std::clamp(std::floor(height * 8), 0.0, 7.0);
        const auto letter = signs.at(static_cast<std::size_t>(level));
        text += is_beyond(series, value) ? paint(style, Tone::bad, letter) : std::string(letter);
    }
    return text;
}

std::string draw_series(const std::vector<GateSeries>& all, const Style& style) {
    if (all.empty()) {
        return "";
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& series : all) {
        rows.push_back({
            "  " + name_of(series),
            to_clock_text(series.points.front().at),
            sparkline(series, style),
            to_clock_text(series.points.back().at),
            figures(series),
        });
        if (const auto beyond = marks(series); !beyond.empty()) {
            rows.push_back({"", "", paint(style, Tone::bad, beyond), "", "^ beyond the limit"});
        }
    }
    return "\nMeasured\n" + table(style, rows, Folding::none);
}

Value to_value(const std::vector<GateSeries>& all) {
    Value::Array list;
    for (const auto& series : all) {
        Value::Array points;
        for (const auto& [at, value] : series.points) {
            points.push_back(Value::map({{"at", to_rfc3339(at)}, {"value", value}}));
        }
        list.push_back(Value::map({
            {"gate", series.gate},
            {"what", series.what},
            {"unit", series.unit == gates::Measured::Unit::share ? "share" : "number"},
            {"limit", number_or_null(series.limit)},
            {"bad", series.bad == Bad::above ? "above" : "below"},
            {"points", std::move(points)},
        }));
    }
    return list;
}

}  // namespace deployctl::cli
