// SPDX-License-Identifier: Apache-2.0
#include "plugins/prometheus/points.hpp"

#include "plugins/kubectl/printable.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace deployctl::plugins {

namespace {

using kubectl::printable_line;

constexpr std::size_t most_warnings = 10;
constexpr double latest = 1e11;  ///< seconds since 1970 that a WallTime surely holds

std::optional<WallTime> read_time(const Value& value) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const double since = value.real("", none);
    if (!(std::abs(since) < latest)) {
        return std::nullopt;
    }
    return WallTime(Duration(std::llround(since * 1e6)));
}

std::optional<MetricPoint> read_point(
    const Value& pair, std::optional<double> (*read_value)(const Value&)
) {
    const auto& items = pair.items();
    if (items.size() != 2) {
        return std::nullopt;
    }
    const auto at = read_time(items[0]);
    const auto value = read_value(items[1]);
    return at && value ? std::optional(MetricPoint{*at, *value}) : std::nullopt;
}

}  // namespace

std::optional<double> read_number_text(std::string_view text) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    constexpr std::array<std::pair<std::string_view, double>, 4> words{{
        {"NaN", std::numeric_limits<double>::quiet_NaN()},
        {"+Inf", infinity},
        {"Inf", infinity},
        {"-Inf", -infinity},
    }};
    for (const auto& [word, value] : words) {
        if (text == word) {
            return value;
        }
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_whole = error == std::errc{} && end == text.data() + text.size();
    return is_whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<std::vector<MetricPoint>> read_points(
    const Value& list, std::optional<double> (*read_value)(const Value&)
) {
    std::vector<MetricPoint> points;
    for (const auto& pair : list.items()) {
        const auto point = read_point(pair, read_value);
        if (!point || (!points.empty() && point->at <= points.back().at)) {
            return std::nullopt;
        }
        points.push_back(*point);
    }
    return points.empty() ? std::nullopt : std::optional(std::move(points));
}

std::optional<std::map<std::string, std::string>> read_label_texts(const Value& map) {
    std::map<std::string, std::string> labels;
    for (const auto& [name, value] : map.members()) {
        if (!value.is_string()) {
            return std::nullopt;
        }
        labels[printable_line(name)] = printable_line(value.view(""));
    }
    return map.is_object() ? std::optional(std::move(labels)) : std::nullopt;
}

std::vector<std::string> read_warnings(const Value& body) {
    std::vector<std::string> warnings;
    for (const auto& warning : body.items("/warnings")) {
        if (warning.is_string() && warnings.size() < most_warnings) {
            warnings.push_back(printable_line(warning.view("")));
        }
    }
    return warnings;
}

}  // namespace deployctl::plugins
