// SPDX-License-Identifier: Apache-2.0
// Rollouts as data for `-o json`: no field is ever left out, null where it has no value. Pure.
#pragma once

#include "engine/hold_sight.hpp"
#include "engine/planning.hpp"
#include "model/rollout.hpp"
#include "model/value.hpp"

#include <optional>
#include <vector>

namespace deployctl::cli {

/// RFC 3339 in UTC.
Value time_or_null(const std::optional<WallTime>& time);
Value to_value(const RolloutRecord& rollout);
/// Null where nothing went wrong.
Value to_value_or_null(const std::optional<Cause>& cause);
/// At the traffic of now, and so beside the plan and not in its hash.
Value to_value(const engine::PlanSight& sight);
/// The plan as people need it: steps, weights, changes; the frozen form is engine::to_value.
Value outline_of(const engine::PlanDraft& draft);

}  // namespace deployctl::cli
