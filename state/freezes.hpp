// SPDX-License-Identifier: Apache-2.0
// Ad-hoc freezes as rows and back, within a transaction of the caller. Inside state/ only; one
// thread.
#pragma once

#include "model/freeze.hpp"
#include "state/statement.hpp"

#include <string>
#include <vector>

namespace deployctl::state {

/// What is kept of one that is there and is given again: its first removal, and nothing else of it
/// changes.
Freeze with_removal_of(Freeze present, const Freeze& given);

Freeze keep_freeze(SQLite::Database& database, Freeze freeze);
/// Of an app, the oldest first.
std::vector<Freeze> read_freezes(SQLite::Database& database, const std::string& app);

}  // namespace deployctl::state
