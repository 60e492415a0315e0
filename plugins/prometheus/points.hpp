// SPDX-License-Identifier: Apache-2.0
// Points and labels as sources of metrics write them in JSON: `[1700000000.123, value]`, where what
// a value is differs. Pure. Nothing of it is believed: what is not as it should be is nothing.
#pragma once

#include "model/metrics.hpp"
#include "model/value.hpp"

#include <optional>

namespace deployctl::plugins {

/// "0.25", "NaN", "+Inf".
std::optional<double> read_number_text(std::string_view text);
/// Points with strictly rising times, at least one.
std::optional<std::vector<MetricPoint>> read_points(
    const Value& list, std::optional<double> (*read_value)(const Value&)
);
/// Of one series, made printable.
std::optional<std::map<std::string, std::string>> read_label_texts(const Value& map);
/// A few of the source's own, made printable.
std::vector<std::string> read_warnings(const Value& body);

}  // namespace deployctl::plugins
