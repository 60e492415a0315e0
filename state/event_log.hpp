// SPDX-License-Identifier: Apache-2.0
// The append-only table of events and the chain through it: each hash covers the event and the hash
// before it, one chain a target. Inside a transaction of state/; one thread.
#pragma once

#include "model/journal.hpp"
#include "state/statement.hpp"

#include <string>
#include <vector>

namespace deployctl::state {

/// On both clocks.
struct Moment {
    WallTime wall;
    BootTime boot;
    std::string boot_id;
};

/// What the hash of an event covers, with the hash before it.
struct Link {
    Event event;
    Moment moment;
    std::string actor;
    std::string previous;  ///< hash; empty before the first event of a target
};

/// SHA-256 of the hash before it, a line feed, and the canonical JSON of the event.
std::string hash_of(const Link& link);

/// `version` of the rollout is the one that the append makes.
Event append_event(
    SQLite::Database& database,
    const RolloutRecord& record,
    const Entry& entry,
    const Moment& moment,
    std::int64_t version
);
/// Those of the append that made this version.
std::vector<Event> read_append(
    SQLite::Database& database, const RolloutId& rollout, std::int64_t version
);
std::vector<Event> read_events(
    SQLite::Database& database, const RolloutId& rollout, std::int64_t after
);

}  // namespace deployctl::state
