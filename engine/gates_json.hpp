// SPDX-License-Identifier: Apache-2.0
// The gates of a plan, and whom they ask for metrics, as JSON and back (docs/formats/plan.md). What
// stands at its default, and came after the first version of a plan, is left out: a plan of before
// keeps its hash. Pure.
#pragma once

#include "model/gates.hpp"
#include "model/metrics.hpp"
#include "model/value.hpp"

#include <optional>

namespace deployctl::engine {

Value gates_value(const GatesByName& gates);
/// What is of no known type reads as one that asks the usual path.
GatesByName read_gates(const Value& value);

Value metrics_value(const MetricsSource& source);
MetricsSource read_metrics(const Value& value);

}  // namespace deployctl::engine
