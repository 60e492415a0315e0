// SPDX-License-Identifier: Apache-2.0
// What stands in an environment of an app, as far as the journal of this machine tells: a promoted
// rollout was verified at its end, a rolled back one has restored what stood before. What other
// machines did, and what was changed without deployctl, it does not tell, unless a later rollout
// has found it. Pure; any thread.
#pragma once

#include "model/rollout.hpp"
#include "ports/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::gates {

/// So many of the rollouts that ended last are looked through.
inline constexpr int most_rollouts_read = 200;
RolloutFilter newest_of(const std::string& app, const std::string& environment);

/// What is looked for; the digest is empty where nobody knows it.
struct WantedVersion {
    std::string version;
    std::string digest;
};

struct Standing {
    std::optional<RolloutRecord> promoted;   ///< what stands; nothing where nothing ever was
    std::optional<RolloutRecord> under_way;  ///< has not ended, and may replace it
    WallTime since;                          ///< it has had the environment to itself
    std::string trouble = {};                ///< why nobody can tell; the rest says nothing then
};

/// Of all rollouts of one app in one environment.
Standing standing_in(std::vector<RolloutRecord> rollouts, WallTime now);

/// By digest where both are known, else by tag: a tag may be moved.
bool is_same(const RolloutRecord& rollout, const WantedVersion& wanted);
/// "v2 of rollout 12".
std::string named(const RolloutRecord& rollout);
/// "2026-11-30 18:20 UTC".
std::string minute_text(WallTime time);

}  // namespace deployctl::gates
