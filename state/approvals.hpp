// SPDX-License-Identifier: Apache-2.0
// What people have said, as rows and back, within a transaction of the caller. Inside state/ only;
// one thread.
#pragma once

#include "model/approval.hpp"
#include "state/statement.hpp"

#include <vector>

namespace deployctl::state {

void keep_approval(SQLite::Database& database, const Approval& approval);
/// The oldest first.
std::vector<Approval> read_approvals(SQLite::Database& database, const std::string& rollout);

}  // namespace deployctl::state
