// SPDX-License-Identifier: Apache-2.0
// A rollout that is under way while a plan is made: what it leaves of the workload meanwhile is not
// how large that is.
#pragma once

#include "cli/turn.hpp"
#include "engine/planning.hpp"

#include <string>

namespace deployctl::cli {

struct Underway {
    std::string text;  ///< "rollout 4 (canary v1 → v2, running)"; empty where none is
    int replicas = 0;  ///< of the workload, as it has recorded them; 0: not known
};

/// The request outlives the task.
Task<Underway> find_underway(
    Parts* parts, const engine::PlanRequest* request, ClusterChoice cluster
);
/// What a plan that is made meanwhile is worth.
std::string caution_of(const Underway& underway, const engine::PlanDraft& draft);

}  // namespace deployctl::cli
