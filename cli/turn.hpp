// SPDX-License-Identifier: Apache-2.0
// `--wait-lock`: waits until no other rollout of a target is active, here or on another machine.
#pragma once

#include "cli/parts.hpp"
#include "model/plan.hpp"

#include <iosfwd>

namespace deployctl::cli {

struct TurnOrder {
    Target target;
    ClusterChoice cluster;
    Duration at_most{};
    std::ostream* notes = nullptr;  ///< where it is said for whom is waited
};

/// Throws Error{locked}, naming the other one, when the time is over.
Task<> wait_for_turn(Parts* parts, TurnOrder order);

}  // namespace deployctl::cli
