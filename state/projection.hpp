// SPDX-License-Identifier: Apache-2.0
// What follows from an entry, whichever store writes it: the new row of its rollout, its event,
// what may follow what. An entry that cannot follow is a mistake of the caller: std::logic_error.
// Pure; any thread.
#pragma once

#include "model/journal.hpp"
#include "model/rollout.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::state {

/// Makes it the record after the entry; its version is not touched.
void fold(RolloutRecord& record, const Entry& entry, WallTime at);

/// The entry as readers see it.
Event event_of(const RolloutRecord& record, const Entry& entry, WallTime at, std::int64_t seq);

/// Whether these events are what an append of these entries writes. An intent has an id of its own,
/// so that two runners never mean the same one.
bool is_written_as(const std::vector<Entry>& entries, const std::vector<Event>& events);
/// A begin may be made again; another rollout of the same id is a mistake.
void require_same(const RolloutRecord& present, const RolloutRecord& begun);
/// Whether it waits already: asking twice for the same is asking once.
bool is_same_wish(const Request& waiting, const Request& made);

/// An intent is settled once; `unknown` may still become what reading the object shows.
void require_open(const std::string& attempt, std::optional<AttemptState> state);

bool is_open(AttemptState state);
bool is_same_target(const Target& one, const Target& other);

/// How people name a rollout: "7", "0198f3", or the whole id.
struct Reference {
    std::optional<std::int64_t> number;
    std::optional<std::string> prefix;  ///< at least 6 characters
};

Reference read_reference(std::string_view text);

}  // namespace deployctl::state
