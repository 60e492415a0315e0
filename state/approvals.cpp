// SPDX-License-Identifier: Apache-2.0
#include "state/approvals.hpp"

namespace deployctl::state {

namespace {

Approval read_approval(SQLite::Statement& row) {
    Approval approval;
    approval.id = row.getColumn(0).getString();
    approval.rollout = row.getColumn(1).getString();
    approval.name = row.getColumn(2).getString();
    approval.plan_hash = row.getColumn(3).getString();
    approval.by = row.getColumn(4).getString();
    approval.vote = read_vote(row.getColumn(5).getString()).value_or(Vote::deny);
    approval.reason = row.getColumn(6).getString();
    approval.at = to_wall_time(row.getColumn(7).getInt64());
    return approval;
}

}  // namespace

void keep_approval(SQLite::Database& database, const Approval& approval) {
    execute(
        database,
        "INSERT OR IGNORE INTO approvals (id, rollout_id, name, plan_hash, made_by, vote, reason, "
        "made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        approval.id,
        approval.rollout,
        approval.name,
        approval.plan_hash,
        approval.by,
        to_text(approval.vote),
        approval.reason,
        approval.at
    );
}

std::vector<Approval> read_approvals(SQLite::Database& database, const std::string& rollout) {
    auto rows = prepare(
        database,
        "SELECT id, rollout_id, name, plan_hash, made_by, vote, reason, made_at FROM approvals "
        "WHERE rollout_id = ? ORDER BY made_at, id",
        rollout
    );
    std::vector<Approval> approvals;
    while (rows.executeStep()) {
        approvals.push_back(read_approval(rows));
    }
    return approvals;
}

}  // namespace deployctl::state
