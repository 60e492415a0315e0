// SPDX-License-Identifier: Apache-2.0
// What the holds of a plan can see at the present traffic (gates/hold_sight.hpp), of each
// sequential gate that watches one; and which are too short for a gate on slopes to answer. Where
// the metrics source does not say, that is said, and nothing stops. Traffic changes, so none of it
// is in the plan, nor in its hash. Reads only.
#pragma once

#include "gates/hold_sight.hpp"
#include "model/kubernetes/world.hpp"
#include "model/plan.hpp"
#include "ports/metrics.hpp"

#include <string>
#include <vector>

namespace deployctl::engine {

struct PlannedSight {
    std::string gate;
    gates::HoldSight sight;
};

struct PlanSight {
    std::vector<PlannedSight> holds;
    std::vector<std::string> unknown;   ///< of which gate, and why
    std::vector<std::string> cautions;  ///< of holds that see hardly anything, and what would help;
                                        ///< of what can never pass, or answer
};

Task<PlanSight> look_ahead(Metrics* metrics, const World* world, Plan plan);

}  // namespace deployctl::engine
