// SPDX-License-Identifier: Apache-2.0
// Whether `rollout heal` may touch an app's pods now: not while a rollout is under way, here or
// from another journal, nor where one was left half done. Engine's thread.
#pragma once

#include "cli/session.hpp"
#include "model/rollout.hpp"

#include <optional>
#include <string>

namespace deployctl::cli {

struct HealHindrance {
    ExitCode exit{};  ///< done: it watches by itself; paused: somebody is needed
    std::string headline;
};

/// By the journal, and by the Lease. Throws what asking the cluster throws.
std::optional<HealHindrance> find_hindrance(
    Session& session, const Target& target, const ClusterChoice& cluster
);

}  // namespace deployctl::cli
