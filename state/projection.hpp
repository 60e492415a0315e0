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

namespace deployctl::state {

/// The record after the entry; its version is not touched.
RolloutRecord fold(RolloutRecord record, const Entry& entry, WallTime at);

/// The entry as readers see it.
Event event_of(const RolloutRecord& record, const Entry& entry, WallTime at, std::int64_t seq);

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
