// SPDX-License-Identifier: Apache-2.0
// Takes the oldest rollouts out of a journal, and leaves an anchor from which the chain of events
// goes on. Throws Error{state_unreadable}. Any thread; opens the file for itself.
#pragma once

#include "model/rollout.hpp"
#include "model/time.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::state {

/// A rollout is kept where either says so. At least one is set.
struct PruneRule {
    std::optional<int> keep;           ///< so many of each target, the newest
    std::optional<Duration> keep_for;  ///< those that have ended no longer ago
    std::string app;                   ///< empty: all
    enum class Effect { remove, show } effect = Effect::remove;
};

/// Operations go by the same rule, counted for each kind, app, environment and subject; those under
/// way, those that wait for a person and the newest that went well stay.
struct Pruned {
    std::vector<RolloutRecord> rollouts;  ///< oldest first
    std::int64_t events = 0;
    std::int64_t operations = 0;
};

/// Of each target, from the oldest rollout on, up to the first one that is kept. Always kept: what
/// has not ended, the newest one, and where the version that runs was first promoted, which is what
/// a rollback returns from. A file that is not there has nothing to prune.
Pruned prune(const std::filesystem::path& file, const PruneRule& rule, WallTime now);

}  // namespace deployctl::state
