// SPDX-License-Identifier: Apache-2.0
// Copies of configuration that nothing can go back to any more. Reads only.
#pragma once

#include "model/kubernetes/world.hpp"
#include "model/plan.hpp"
#include "ports/cluster.hpp"
#include "ports/task.hpp"

#include <vector>

namespace deployctl::engine {

/// What finding and removing them takes; without it they stay, and are in nobody's way.
std::vector<Permission> permissions_to_sweep(const Plan& plan);
/// Those of this app that no Deployment or ReplicaSet of the namespace reads, nor either version of
/// the plan, nor one of the app's last ten records. Nothing where a permission is missing.
Task<std::vector<ObjectRef>> find_unused_copies(Cluster& cluster, World world, Plan plan);
/// A copy that a rollout of the app has made.
bool is_own_copy(const Value& object, const std::string& app);

}  // namespace deployctl::engine
