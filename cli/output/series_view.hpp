// SPDX-License-Identifier: Apache-2.0
// What gates have measured over time, as one line of a chart each, and as data. Pure.
#pragma once

#include "cli/output/style.hpp"
#include "engine/gate_series.hpp"
#include "model/value.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

/// At most so many columns; where there are more points, a column shows the worst of its own. From
/// the least to the greatest of values and limit.
std::string sparkline(const engine::GateSeries& series, const Style& style);
/// A line for each, and under it a mark where it was beyond its limit; empty without any.
std::string draw_series(const std::vector<engine::GateSeries>& all, const Style& style);
Value to_value(const std::vector<engine::GateSeries>& all);

}  // namespace deployctl::cli
