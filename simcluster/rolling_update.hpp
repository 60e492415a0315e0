// SPDX-License-Identifier: Apache-2.0
// The arithmetic of a Deployment's rolling update, as its controller does it: one step from the
// sizes that are. Pure; any thread.
#pragma once

#include "model/kubernetes/workload.hpp"

#include <vector>

namespace deployctl::simcluster {

struct SetSize {
    int replicas = 0;  ///< wanted
    int available = 0;
};

/// What the new set is scaled to next: up as far as the surge allows.
int next_size_of_new(const RollingLimits& limits, SetSize newest, const std::vector<SetSize>& olds);

/// What the old ones, oldest first, are scaled to next: unhealthy pods first, then as available
/// ones may go.
std::vector<int> next_sizes_of_old(
    const RollingLimits& limits, SetSize newest, const std::vector<SetSize>& olds
);

/// The sizes, oldest first, after the Deployment was resized in the middle of an update: what is
/// added goes to the newest, what is taken comes from the oldest.
std::vector<int> resized(int allowed_total, std::vector<int> sizes);

}  // namespace deployctl::simcluster
