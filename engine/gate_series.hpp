// SPDX-License-Identifier: Apache-2.0
// What the gates of a rollout have measured over time, from the events of its journal alone. Pure.
#pragma once

#include "gates/measured.hpp"
#include "model/journal.hpp"
#include "model/plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::engine {

struct SeriesPoint {
    WallTime at;
    double value = 0;
};

struct GateSeries {
    std::string gate;
    std::string what;  ///< as in gates::Measured
    gates::Measured::Unit unit{};
    std::optional<double> limit;  ///< of the last point
    gates::Measured::Bad bad{};
    std::vector<SeriesPoint> points;  ///< in order, at least one
};

/// By gate, then in the order in which they were seen first.
std::vector<GateSeries> gate_series(const Plan& plan, const std::vector<Event>& events);

}  // namespace deployctl::engine
