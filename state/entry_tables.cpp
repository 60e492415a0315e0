// SPDX-License-Identifier: Apache-2.0
#include "state/entry_tables.hpp"

#include "documents/json.hpp"
#include "state/projection.hpp"
#include "state/rows.hpp"

#include <stdexcept>

namespace deployctl::state {

namespace {

class Projection {
public:
    Projection(SQLite::Database& database, const RolloutId& rollout, WallTime at)
        : database_(database), rollout_(rollout), at_(at) {}

    // The rollout's row and the event say all there is.
    void operator()(const RolloutBegun&) const {}

    void operator()(const LeaseTaken&) const {}

    void operator()(const StateChanged&) const {}

    void operator()(const TrafficMoved&) const {}

    void operator()(const ApprovalAwaited&) const {}

    void operator()(const ApprovalHeard&) const {}

    void operator()(const Noted&) const {}

    void operator()(const TaskBegan&) const {}

    void operator()(const TaskTold&) const {}

    void operator()(const TaskEnded&) const {}

    /// A step that is entered again, after a crash or a retry, begins anew.
    void operator()(const StepStarted& entry) const {
        execute(
            database_,
            "INSERT INTO steps (rollout_id, direction, idx, stage, text, state, detail, "
            "started_at) "
            "VALUES (?, ?, ?, ?, ?, 'running', '', ?) "
            "ON CONFLICT (rollout_id, direction, idx) DO UPDATE SET stage = excluded.stage, text = "
            "excluded.text, "
            "state = excluded.state, detail = '', started_at = excluded.started_at, ended_at = "
            "NULL, took = NULL",
            rollout_,
            to_text(entry.direction),
            entry.step,
            entry.stage,
            entry.text,
            at_
        );
    }

    void operator()(const StepFinished& entry) const {
        execute(
            database_,
            "INSERT INTO steps (rollout_id, direction, idx, stage, text, state, detail, ended_at, "
            "took) "
            "VALUES (?, ?, ?, ?, '', ?, ?, ?, ?) "
            "ON CONFLICT (rollout_id, direction, idx) DO UPDATE SET state = excluded.state, "
            "detail = excluded.detail, ended_at = excluded.ended_at, took = excluded.took",
            rollout_,
            to_text(entry.direction),
            entry.step,
            entry.stage,
            to_text(entry.result),
            entry.detail,
            at_,
            entry.took
        );
    }

    void operator()(const IntentRecorded& entry) const {
        if (read_attempt_state(database_, entry.attempt)) {
            throw std::logic_error("attempt " + entry.attempt + " was intended already");
        }
        execute(
            database_,
            "INSERT INTO attempts (id, rollout_id, direction, step_idx, verb, object_kind, "
            "object_namespace, "
            "object_name, fence_before, fence_after, request_hash, state, detail, intent_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'intent', '', ?)",
            entry.attempt,
            rollout_,
            to_text(entry.direction),
            entry.step,
            to_text(entry.verb),
            kind_cell(entry.object),
            entry.object.kube_namespace,
            entry.object.name,
            entry.fence_before,
            entry.fence_after,
            entry.request_hash,
            at_
        );
    }

    void operator()(const OutcomeRecorded& entry) const {
        require_open(entry.attempt, read_attempt_state(database_, entry.attempt));
        execute(
            database_,
            "UPDATE attempts SET state = ?, detail = ?, outcome_at = ? WHERE id = ?",
            to_text(entry.state),
            entry.detail,
            at_,
            entry.attempt
        );
    }

    void operator()(const GateEvaluated& entry) const {
        execute(
            database_,
            "INSERT INTO gate_results (rollout_id, step_idx, gate, answer, reason, measured, "
            "limit_text, "
            "good_in_a_row, bad_in_a_row, evidence_json, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
            "?)",
            rollout_,
            entry.step,
            entry.gate,
            to_text(entry.verdict.answer),
            entry.verdict.reason,
            entry.verdict.measured,
            entry.verdict.limit,
            entry.good_in_a_row,
            entry.bad_in_a_row,
            documents::write_json(entry.verdict.evidence),
            at_
        );
    }

    void operator()(const CauseFound& entry) const {
        execute(
            database_,
            "INSERT INTO causes (rollout_id, cause_json, at) VALUES (?, ?, ?) "
            "ON CONFLICT (rollout_id) DO UPDATE SET cause_json = excluded.cause_json, at = "
            "excluded.at",
            rollout_,
            documents::write_json(to_value(entry.cause)),
            at_
        );
    }

    void operator()(const RequestTaken& entry) const {
        execute(
            database_,
            "UPDATE requests SET taken_at = ? WHERE id = ? AND rollout_id = ?",
            at_,
            entry.request,
            rollout_
        );
    }

private:
    SQLite::Database& database_;
    const RolloutId& rollout_;
    WallTime at_;
};

}  // namespace

void project(
    SQLite::Database& database, const RolloutId& rollout, const Entry& entry, WallTime at
) {
    std::visit(Projection(database, rollout, at), entry);
}

}  // namespace deployctl::state
