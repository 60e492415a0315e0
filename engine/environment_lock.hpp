// SPDX-License-Identifier: Apache-2.0
// A lock that people put on an environment: a Lease in its namespace, so that it holds for every
// machine and every app there. It stops what begins, never what goes back or is under way. Writes
// are compare-and-swap; whoever was faster is the answer. Engine's thread. Throws
// Error{stopped_watching} where the API server gives no answer, Error{blocked} where it refuses.
#pragma once

#include "model/time.hpp"
#include "ports/cluster.hpp"

#include <optional>
#include <string>

namespace deployctl::engine {

struct EnvironmentLock {
    std::string environment;
    std::string by;
    std::string reason;
    WallTime since;
    std::string uid = {};  ///< these two as the server keeps them
    std::string resource_version = {};
};

/// No app can have a Lease of this name.
ObjectRef environment_lock_ref(const std::string& kube_namespace);

Task<std::optional<EnvironmentLock>> read_environment_lock(
    Cluster* cluster, std::string kube_namespace
);

struct LockAnswer {
    bool is_mine = false;  ///< it was taken now
    EnvironmentLock lock;  ///< as it stands
};

Task<LockAnswer> lock_environment(
    Cluster* cluster, std::string kube_namespace, EnvironmentLock wanted
);

/// Removes exactly the one that was seen; false where another one stands there by now.
Task<bool> unlock_environment(Cluster* cluster, std::string kube_namespace, EnvironmentLock seen);

/// "production is locked by ada@laptop since 2026-11-24 12:00: audit".
std::string to_text(const EnvironmentLock& lock);

}  // namespace deployctl::engine
