// SPDX-License-Identifier: Apache-2.0
// What runs where, and how far behind: from the rollouts that were promoted. The comparison is
// pure.
#pragma once

#include "cli/session.hpp"
#include "model/rollout.hpp"
#include "model/settings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::cli {

/// Of the app in that environment, as it is configured now: its context and namespace, or those of
/// its clusters. The newest first.
std::vector<RolloutRecord> promoted_in(
    Session& session, const Configuration& configuration, const std::string& environment
);

/// Whose version an environment is to get: the one that it follows, else the one before it in
/// `promotion.order`; empty: nobody's.
std::string leader_of(const Configuration& configuration, const Environment& environment);
/// From 1; 0: it is not in the order.
int place_in_order(const Configuration& configuration, const std::string& environment);

struct Lag {
    enum class Kind {
        none,     ///< the same
        behind,   ///< so many releases, for so long
        never,    ///< the leader never ran it
        unknown,  ///< one of them has none
    } kind{};
    int releases = 0;
    Duration since{};
};

/// `own` and `leader` are promoted rollouts, the newest first.
Lag lag_of(
    const std::vector<RolloutRecord>& own, const std::vector<RolloutRecord>& leader, WallTime now
);
/// "2 releases, 3h" or "-".
std::string to_text(const Lag& lag, const std::string& leader);

}  // namespace deployctl::cli
