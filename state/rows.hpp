// SPDX-License-Identifier: Apache-2.0
// Rollouts as rows and back. Inside state/ only; one thread. A row that says what no deployctl
// wrote is std::runtime_error no more than a damaged page is: Error{state_unreadable}.
#pragma once

#include "model/journal.hpp"
#include "model/kubernetes/object.hpp"
#include "model/rollout.hpp"
#include "state/statement.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::state {

/// The row as it is, by the names of its columns.
Value read_cells(SQLite::Statement& row);
/// The JSON of a cell.
Value read_cell(const std::string& text);
/// As object_kind names it: "Service". "Ingress" does not tell of itself where it is asked for:
/// such a kind is written with its version and its plural.
std::string kind_cell(const ObjectRef& ref);
std::optional<ObjectRef> read_kind_cell(const std::string& cell);

/// "SELECT ... FROM rollouts r JOIN targets t ..." in the order that read_records expects.
extern const std::string select_rollouts;

std::vector<RolloutRecord> read_records(SQLite::Statement& rows);
std::optional<RolloutRecord> read_rollout(SQLite::Database& database, const RolloutId& id);

void insert_rollout(SQLite::Database& database, const RolloutRecord& record, std::int64_t target);
/// What an append may change.
void update_rollout(SQLite::Database& database, const RolloutRecord& record);

std::vector<OpenAttempt> read_open_attempts(SQLite::Database& database, const RolloutId& rollout);
std::optional<AttemptState> read_attempt_state(
    SQLite::Database& database, const std::string& attempt
);
std::vector<Request> read_pending_requests(SQLite::Database& database, const RolloutId& rollout);

}  // namespace deployctl::state
