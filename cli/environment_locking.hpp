// SPDX-License-Identifier: Apache-2.0
// Locks of environments, from the command line: on the environment's cluster, and in the journal.
#pragma once

#include "cli/locating.hpp"
#include "cli/session.hpp"
#include "engine/environment_lock.hpp"
#include "engine/planning.hpp"

#include <optional>
#include <string>

namespace deployctl::cli {

/// As the environment's own cluster has it; nothing where it has none.
std::optional<engine::EnvironmentLock> find_lock(Session& session, const std::string& environment);
std::optional<engine::EnvironmentLock> find_lock(Parts& parts, const ClusterChoice& cluster);

/// A lock is a refusal, unless there is nothing to do.
void heed_lock(Parts& parts, const ClusterChoice& cluster, engine::PlanDraft& draft);

/// Throws Error{blocked} where there is one.
void refuse_if_locked(Parts& parts, const ClusterChoice& cluster);

struct LockOrder {
    std::string app;  ///< for the journal
    std::string environment;
    std::string by;
    std::string reason;
};

/// Throws Error{blocked}, naming who, when and why, where somebody else has it locked.
engine::EnvironmentLock put_lock(Session& session, const LockOrder& order);
/// Takes away the one that was seen.
void take_lock_away(Session& session, const LockOrder& order, const engine::EnvironmentLock& seen);

/// For `-o json`, and for the journal.
Value value_of(const engine::EnvironmentLock& lock);

}  // namespace deployctl::cli
