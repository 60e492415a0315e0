// SPDX-License-Identifier: Apache-2.0
// Everything that would stop a rollout, asked before it starts: permissions, owners, leftovers,
// room. Reads only.
#pragma once

#include "model/kubernetes/world.hpp"
#include "model/plan.hpp"
#include "ports/cluster.hpp"
#include "ports/task.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::engine {

struct PreflightResult {
    std::vector<std::string> refusals;  ///< each says what and what to do
    std::vector<std::string> warnings;
};

/// How many pods a namespace may have, and has.
struct PodQuota {
    std::int64_t hard = 0;
    std::int64_t used = 0;
};

/// Nothing where the ResourceQuota says nothing of pods, or no plain number.
std::optional<PodQuota> read_pod_quota(const Value& quota);

/// Pods above stable's size at the peak: the candidate's and the baseline's, and beside them the
/// surge of stable's own update.
int extra_pods(const Plan& plan);
/// The permissions that the plan needs: verb, group, resource.
std::vector<Permission> needed_permissions(const Plan& plan);
Task<PreflightResult> preflight(Cluster& cluster, Plan plan);

}  // namespace deployctl::engine
