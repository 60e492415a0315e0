// SPDX-License-Identifier: Apache-2.0
// What would keep the copies of configuration from being made or read, asked before a rollout.
// Reads only.
#pragma once

#include "engine/preflight.hpp"

#include <vector>

namespace deployctl::engine {

/// To make the copies.
std::vector<Permission> permissions_to_copy(const Plan& plan);
/// Names that are taken, copies that a recorded version reads and that are gone, and what cannot be
/// cleared away later.
Task<PreflightResult> preflight_config(Cluster& cluster, Plan plan);

}  // namespace deployctl::engine
