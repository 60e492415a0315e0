// SPDX-License-Identifier: Apache-2.0
// How well deployments go, in the figures of DORA: how often, how many fail, how fast the old
// version is back; and the last good version of each target, which a rollback returns to. Pure.
#pragma once

#include "cli/output/style.hpp"
#include "model/journal.hpp"
#include "model/rollout.hpp"
#include "model/value.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::cli {

/// A rollout, and when it turned back, if it did.
struct Delivery {
    RolloutRecord rollout;
    std::optional<WallTime> turned_back;
    bool as_wished = false;  ///< a person sent it back, or Ctrl-C: nothing is said of the version
};

/// When a rollout with these events began to go back, if it did.
std::optional<WallTime> turn_of(const std::vector<Event>& events);

struct DeliveryFigures {
    Duration span{};
    int deployments = 0;                     ///< that changed traffic: promoted, rolled back, stuck
    int failed = 0;                          ///< of them: rolled back, then or later, or stuck; not
                                             ///< what a person has sent back on the way
    std::optional<Duration> restore_median;  ///< from the turn to the verified old version
};

/// Newest first, as the journal lists them. A rollout that returns to an older good version is a
/// deployment like others, and says that the one which it left has failed. Stuck is `needs_human`.
/// What a person has sent back before anything failed is a deployment, and none that failed.
/// Each counts once.
DeliveryFigures figures_of(const std::vector<Delivery>& newest_first, Duration span);

/// The newest promoted rollout of each app and environment, newest first.
std::vector<RolloutRecord> last_good_of(const std::vector<RolloutRecord>& newest_first);

/// "41 deployments (1.4 a day), 2 failed (4.9%), time to restore 1m50s (median)"
std::string to_text(const DeliveryFigures& figures);
Value to_value(const DeliveryFigures& figures);

/// "Last good: v2.30.4 (rollout 126)", with app and environment where there are several.
std::string last_good_line(const std::vector<RolloutRecord>& last_good, const Style& style);
Value last_good_value(const std::vector<RolloutRecord>& last_good);

}  // namespace deployctl::cli
