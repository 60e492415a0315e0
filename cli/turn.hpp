// SPDX-License-Identifier: Apache-2.0
// Whether another rollout of a target is active, here or on another machine, and `--wait-lock`: to
// wait until none is.
#pragma once

#include "cli/parts.hpp"
#include "model/plan.hpp"
#include "model/rollout.hpp"

#include <iosfwd>
#include <string>

namespace deployctl::cli {

struct TurnOrder {
    Target target;
    ClusterChoice cluster;
    Duration at_most{};
    std::ostream* notes = nullptr;  ///< where it is said for whom is waited
};

/// What to do about it, for people.
inline constexpr const char* turn_help =
    "watch, resume, abort or roll it back first, on the machine that has its journal; without "
    "one: deployctl rollout adopt, then resume, or deployctl rollout rollback --from-cluster "
    "--reason TEXT";

/// Active, and waiting for a person.
bool stands_still(RolloutState state);

struct ActiveRollout {
    std::string text;  ///< "rollout 4 (canary v1 → v2, running)"; empty where none is
    RolloutId id;      ///< empty where only its holder is known
};

Task<ActiveRollout> active_rollout(Parts* parts, const TurnOrder* order);
/// Throws Error{locked}, naming the other one, when the time is over.
Task<> wait_for_turn(Parts* parts, TurnOrder order);

}  // namespace deployctl::cli
