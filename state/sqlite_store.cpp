// SPDX-License-Identifier: Apache-2.0
#include "state/sqlite_store.hpp"

#include "documents/json.hpp"
#include "state/approvals.hpp"
#include "state/connection.hpp"
#include "state/entry_tables.hpp"
#include "state/event_log.hpp"
#include "state/failure.hpp"
#include "state/freezes.hpp"
#include "state/projection.hpp"
#include "state/rows.hpp"
#include "state/statement.hpp"
#include "state/transaction.hpp"

#include <algorithm>
#include <stdexcept>

namespace deployctl::state {

namespace {

std::int64_t target_id(SQLite::Database& database, const Target& target) {
    execute(
        database,
        "INSERT INTO targets (cluster_uid, namespace, app) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        target.cluster_uid,
        target.kube_namespace,
        target.app
    );
    auto row = prepare(
        database,
        "SELECT id FROM targets WHERE cluster_uid = ? AND namespace = ? AND app = ?",
        target.cluster_uid,
        target.kube_namespace,
        target.app
    );
    row.executeStep();
    return row.getColumn(0).getInt64();
}

std::optional<RolloutRecord> active_of(SQLite::Database& database, std::int64_t target) {
    auto rows = prepare(
        database,
        select_rollouts +
            "WHERE r.target_id = ? AND r.state NOT IN ('promoted', 'rolled_back', 'aborted', "
            "'superseded')",
        target
    );
    auto found = read_records(rows);
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

BeginAnswer begin_in(SQLite::Database& database, const NewRollout& rollout, const Moment& moment) {
    if (auto present = read_rollout(database, rollout.record.id)) {
        require_same(*present, rollout.record);
        return {BeginAnswer::Kind::begun, std::move(*present)};
    }
    const auto target = target_id(database, rollout.record.target);
    if (auto active = active_of(database, target)) {
        return {BeginAnswer::Kind::another_is_active, std::move(*active)};
    }
    auto record = rollout.record;
    record.number =
        database.execAndGet("SELECT coalesce(max(number), 0) + 1 FROM rollouts").getInt64();
    record.version = 1;
    record.started = moment.wall;
    insert_rollout(database, record, target);
    execute(
        database,
        "INSERT INTO plans (rollout_id, plan_json) VALUES (?, ?)",
        record.id,
        documents::write_json(rollout.plan)
    );
    append_event(database, record, rollout.begun, moment, record.version);
    return {BeginAnswer::Kind::begun, std::move(record)};
}

AppendResult append_in(
    SQLite::Database& database,
    RolloutRecord record,
    const std::vector<Entry>& entries,
    const Moment& moment
) {
    AppendResult result;
    for (const auto& entry : entries) {
        fold(record, entry, moment.wall);
        project(database, record.id, entry, moment.wall);
        result.events.push_back(append_event(database, record, entry, moment, record.version + 1));
    }
    ++record.version;
    update_rollout(database, record);
    result.answer = AppendAnswer::committed;
    result.version = record.version;
    return result;
}

/// Somebody has written since: the same append, whose answer was lost, or another one.
AppendResult settle_in(
    SQLite::Database& database,
    const RolloutRecord& present,
    std::int64_t expected_version,
    const std::vector<Entry>& entries
) {
    auto written = read_append(database, present.id, expected_version + 1);
    if (is_written_as(entries, written)) {
        return {AppendAnswer::committed, std::move(written), expected_version + 1};
    }
    return {AppendAnswer::conflict, {}, present.version};
}

std::optional<RolloutRecord> find_in(SQLite::Database& database, const Reference& reference) {
    if (reference.number) {
        auto rows = prepare(database, select_rollouts + "WHERE r.number = ?", *reference.number);
        auto found = read_records(rows);
        if (!found.empty()) {
            return std::move(found.front());
        }
    }
    if (reference.prefix) {
        // Ids are hexadecimal digits and "-", all of which sort before "g".
        auto rows = prepare(
            database,
            select_rollouts + "WHERE r.id >= ?1 AND r.id < ?1 || 'g' LIMIT 2",
            *reference.prefix
        );
        auto found = read_records(rows);
        if (found.size() == 1) {
            return std::move(found.front());
        }
    }
    return std::nullopt;
}

/// A negative limit would be none.
std::vector<RolloutRecord> list_in(SQLite::Database& database, const RolloutFilter& filter) {
    const std::string is_over = "r.state IN ('promoted', 'rolled_back', 'aborted', 'superseded')";
    const std::string when =
        "CASE WHEN " + is_over + " THEN COALESCE(r.ended_at, r.started_at) ELSE r.started_at END";
    const auto order = filter.order == RolloutFilter::Order::end ? is_over + ", " + when + " DESC, "
                                                                 : std::string();
    auto rows = prepare(
        database,
        select_rollouts + "WHERE (?1 = 0 OR NOT " + is_over +
            ") AND (?2 = '' OR t.app = ?2) AND (?3 = '' OR r.environment = ?3) "
            "AND (?4 IS NULL OR r.started_at >= ?4) ORDER BY " +
            order + "r.number DESC LIMIT max(0, ?5)",
        filter.which == RolloutFilter::Which::active ? 1 : 0,
        filter.app,
        filter.environment,
        filter.since,
        filter.at_most
    );
    return read_records(rows);
}

/// The JSON that a query finds; null where it finds nothing.
Value read_one_json(SQLite::Database& database, const char* sql, const RolloutId& rollout) {
    auto row = prepare(database, sql, rollout);
    return row.executeStep() ? read_cell(row.getColumn(0).getString()) : Value();
}

/// What `question` answers, or nothing at all where there is no journal yet.
template <class Question>
auto ask(Connection* connection, Question question) {
    decltype(question(connection->database())) answer{};
    if (connection != nullptr) {
        guarded(connection->file(), [&] { answer = question(connection->database()); });
    }
    return answer;
}

}  // namespace

SqliteStore::SqliteStore(SqliteOptions options, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      connection_(open_journal(options_, clock_.now())) {}

SqliteStore::~SqliteStore() = default;

Connection* SqliteStore::reading() {
    if (!connection_) {
        connection_ = open_journal(options_, clock_.now());
    }
    return connection_.get();
}

Connection& SqliteStore::writing() {
    if (options_.access == Access::read_only) {
        throw std::logic_error("the journal is open for reading");
    }
    return *connection_;
}

Moment SqliteStore::now() const {
    return {clock_.now(), clock_.boot_time(), clock_.boot_id()};
}

Task<BeginAnswer> SqliteStore::begin(NewRollout rollout) {
    auto& connection = writing();
    const auto moment = now();
    BeginAnswer answer;
    write(connection, [&] { answer = begin_in(connection.database(), rollout, moment); });
    co_return answer;
}

Task<AppendResult> SqliteStore::append(
    RolloutId rollout, std::int64_t expected_version, std::vector<Entry> entries
) {
    auto& connection = writing();
    const auto moment = now();
    AppendResult result;
    write(connection, [&] {
        auto record = read_rollout(connection.database(), rollout);
        if (!record) {
            throw unknown_rollout(rollout);
        }
        if (record->version == expected_version) {
            result = append_in(connection.database(), std::move(*record), entries, moment);
        } else {
            result = settle_in(connection.database(), *record, expected_version, entries);
        }
    });
    co_return result;
}

Task<std::optional<RolloutRecord>> SqliteStore::find(std::string reference) {
    const auto wanted = read_reference(reference);
    co_return ask(reading(), [&](SQLite::Database& database) { return find_in(database, wanted); });
}

Task<std::vector<RolloutRecord>> SqliteStore::list(RolloutFilter filter) {
    co_return ask(reading(), [&](SQLite::Database& database) { return list_in(database, filter); });
}

Task<Value> SqliteStore::plan(RolloutId rollout) {
    co_return ask(reading(), [&](SQLite::Database& database) {
        return read_one_json(database, "SELECT plan_json FROM plans WHERE rollout_id = ?", rollout);
    });
}

Task<std::vector<Event>> SqliteStore::events(RolloutId rollout, std::int64_t after) {
    co_return ask(reading(), [&](SQLite::Database& database) {
        return read_events(database, rollout, after);
    });
}

Task<std::vector<OpenAttempt>> SqliteStore::open_attempts(RolloutId rollout) {
    co_return ask(reading(), [&](SQLite::Database& database) {
        return read_open_attempts(database, rollout);
    });
}

Task<std::optional<Cause>> SqliteStore::cause(RolloutId rollout) {
    const Value found = ask(reading(), [&](SQLite::Database& database) {
        return read_one_json(
            database, "SELECT cause_json FROM causes WHERE rollout_id = ?", rollout
        );
    });
    co_return found.is_null() ? std::nullopt : std::optional(read_cause(found));
}

Task<> SqliteStore::make_request(RolloutId rollout, Request request) {
    auto& connection = writing();
    const auto at = clock_.now();
    write(connection, [&] {
        if (!read_rollout(connection.database(), rollout)) {
            throw unknown_rollout(rollout);
        }
        const auto waiting = read_pending_requests(connection.database(), rollout);
        if (std::ranges::any_of(waiting, [&](const Request& other) {
                return is_same_wish(other, request);
            })) {
            return;
        }
        execute(
            connection.database(),
            "INSERT INTO requests (rollout_id, kind, made_by, reason, made_at) VALUES (?, ?, ?, ?, "
            "?)",
            rollout,
            to_text(request.kind),
            request.by,
            request.reason,
            at
        );
    });
    co_return;
}

Task<std::vector<Request>> SqliteStore::pending_requests(RolloutId rollout) {
    co_return ask(reading(), [&](SQLite::Database& database) {
        return read_pending_requests(database, rollout);
    });
}

Task<Freeze> SqliteStore::keep_freeze(Freeze freeze) {
    auto& connection = writing();
    Freeze kept;
    write(connection, [&] { kept = state::keep_freeze(connection.database(), freeze); });
    co_return kept;
}

Task<> SqliteStore::keep_approval(Approval approval) {
    auto& connection = writing();
    write(connection, [&] {
        if (!read_rollout(connection.database(), approval.rollout)) {
            throw unknown_rollout(approval.rollout);
        }
        state::keep_approval(connection.database(), approval);
    });
    co_return;
}

Task<std::vector<Approval>> SqliteStore::approvals(RolloutId rollout) {
    co_return ask(reading(), [&](SQLite::Database& database) {
        return read_approvals(database, rollout);
    });
}

Task<std::vector<Freeze>> SqliteStore::freezes(std::string app) {
    co_return ask(reading(), [&](SQLite::Database& database) {
        return read_freezes(database, app);
    });
}

}  // namespace deployctl::state
