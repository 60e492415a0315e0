// SPDX-License-Identifier: Apache-2.0
// Why it went wrong, gathered while the pods still exist: symptoms, log tails of the previous
// container first, the cluster's own words. Never throws for what cannot be read, and takes about a
// second at most: a missing line is no reason to stop going back, nor to go back later.
#pragma once

#include "engine/health.hpp"
#include "model/plan.hpp"
#include "model/rollout.hpp"
#include "ports/clock.hpp"
#include "ports/cluster.hpp"

#include <string>
#include <vector>

namespace deployctl::engine {

/// The cause that doomed pods make: "2 of 4 pods of v5 crash: exit 1, 3 restarts".
Cause cause_of_symptoms(
    const std::vector<Symptom>& symptoms, const Plan& plan, const std::string& stage
);

/// Adds logs, notices and the release's changes to the cause.
Task<Cause> with_evidence(Cluster& cluster, Clock& clock, World world, Plan plan, Cause cause);

}  // namespace deployctl::engine
