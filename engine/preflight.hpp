// SPDX-License-Identifier: Apache-2.0
// Everything that would stop a rollout, asked before it starts: permissions, owners, leftovers,
// room. Reads only.
#pragma once

#include "model/kubernetes/world.hpp"
#include "model/plan.hpp"
#include "ports/cluster.hpp"
#include "ports/task.hpp"

#include <string>
#include <vector>

namespace deployctl::engine {

struct PreflightResult {
    std::vector<std::string> refusals;  ///< each says what and what to do
    std::vector<std::string> warnings;
};

/// The permissions that the plan needs: verb, group, resource.
std::vector<Permission> needed_permissions(const Plan& plan);
Task<PreflightResult> preflight(Cluster& cluster, Plan plan);

}  // namespace deployctl::engine
