// SPDX-License-Identifier: Apache-2.0
// Rows of the journal as gates read them: one rollout after the other, each an hour long.
#pragma once

#include "model/rollout.hpp"

#include <string>
#include <vector>

namespace deployctl::tests {

inline const WallTime noon =
    std::chrono::sys_days(std::chrono::year(2026) / 11 / 30) + std::chrono::hours(12);

/// What a row says of one; it ended so long before noon.
struct Row {
    std::string version;
    RolloutState state = RolloutState::promoted;
    Duration ended_ago{};
    std::string found = {};  ///< the version before it
    std::string digest = {};
};

/// Oldest first, given newest first as the journal does.
inline std::vector<RolloutRecord> journal_of(const std::vector<Row>& rows) {
    std::vector<RolloutRecord> records;
    for (const auto& row : rows) {
        RolloutRecord record;
        record.number = std::ssize(records) + 1;
        record.id = "rollout-" + std::to_string(record.number);
        record.state = row.state;
        record.next_version = row.version;
        record.previous_version = row.found;
        record.digest = row.digest;
        record.started = noon - row.ended_ago - std::chrono::hours(1);
        if (is_terminal(row.state)) {
            record.ended = noon - row.ended_ago;
        }
        records.insert(records.begin(), record);
    }
    return records;
}

}  // namespace deployctl::tests
