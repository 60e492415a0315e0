// SPDX-License-Identifier: Apache-2.0
// One action as JSON: {"do": "scale", "slot": "candidate", "replicas": 2}. Pure. Reading throws
// Error{state_unreadable} for an action that this program does not know.
#pragma once

#include "model/plan.hpp"
#include "model/value.hpp"

namespace deployctl::engine {

Value to_value(const Action& action);
Action read_action(const Value& value);

Value to_value(const WeightRow& weight);
WeightRow read_weight(const Value& value);

}  // namespace deployctl::engine
