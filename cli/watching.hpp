// SPDX-License-Identifier: Apache-2.0
// Follows a rollout that another process runs, by reading its journal again and again. Changes
// nothing.
#pragma once

#include "cli/session.hpp"
#include "model/rollout.hpp"

#include <optional>
#include <string>

namespace deployctl::cli {

struct WatchOrder {
    RolloutId rollout;
    std::int64_t after = 0;             ///< only events with a greater seq are told
    std::optional<RolloutState> until;  ///< else to its end
    std::string until_event;            ///< or to an event of this type
    std::optional<Duration> timeout;
    std::optional<Duration> heard_within;  ///< the runner has to tell something by then
};

struct WatchEnd {
    RolloutRecord rollout;
    std::optional<Cause> cause;
    ExitCode exit{};
    bool is_unheard = false;  ///< the runner has told nothing within `heard_within`
};

/// A rollout that stands still because nobody runs it is an end too: 5 where it is paused, 8 where
/// its runner is gone.
Task<WatchEnd> watch(Parts* parts, EventSink* sink, WatchOrder order);

}  // namespace deployctl::cli
