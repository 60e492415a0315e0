// SPDX-License-Identifier: Apache-2.0
// Which versions of a target were good, one after the other: a promotion adds one, going back to
// one of them leaves those after it, which are good no more. Pure.
#pragma once

#include "model/rollout.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

struct GoodVersion {
    std::string version;
    RolloutId rollout;  ///< that promoted it; empty: it ran before the first one
};

/// A promoted rollout that went back to an older good version.
struct Return {
    RolloutId rollout;
    RolloutId left;  ///< that had promoted the version which was left; may be empty
};

struct Lineage {
    std::vector<GoodVersion> good;  ///< the last one runs, the one before is what a rollback wants
    std::vector<Return> returns;
};

/// Of rollouts of one target, newest first, as the journal lists them.
Lineage lineage_of(const std::vector<RolloutRecord>& newest_first);

}  // namespace deployctl::cli
