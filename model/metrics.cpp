// SPDX-License-Identifier: Apache-2.0
#include "model/metrics.hpp"

#include <cmath>

namespace deployctl {

namespace {

constexpr std::size_t most_told = 5;

/// `{code="500", pod="web-1"}`
std::string told(const std::map<std::string, std::string>& labels) {
    std::string text;
    for (const auto& [name, value] : labels) {
        text += (text.empty() ? "" : ", ") + name + "=\"" + value + "\"";
    }
    return "{" + text + "}";
}

OneNumber many(const std::vector<MetricSeries>& series) {
    auto text = std::to_string(series.size()) + " series instead of one: ";
    for (std::size_t at = 0; at < series.size() && at < most_told; ++at) {
        text += (at == 0 ? "" : ", ") + told(series[at].labels);
    }
    text += series.size() > most_told ? ", ..." : "";
    return {OneNumber::Kind::many, 0, text + "; sum them up in the query"};
}

}  // namespace

OneNumber one_number(const MetricAnswer& answer) {
    if (answer.kind != MetricAnswer::Kind::series) {
        return {OneNumber::Kind::failed, 0, answer.failure};
    }
    const bool is_empty = answer.series.empty() || answer.series.front().points.empty();
    if (is_empty) {
        return {OneNumber::Kind::none, 0, "no series: nothing is measured there"};
    }
    if (answer.series.size() > 1) {
        return many(answer.series);
    }
    const double value = answer.series.front().points.back().value;
    if (!std::isfinite(value)) {
        return {OneNumber::Kind::not_a_number, 0, std::isnan(value) ? "NaN" : "an infinite number"};
    }
    return {OneNumber::Kind::number, value, ""};
}

}  // namespace deployctl
