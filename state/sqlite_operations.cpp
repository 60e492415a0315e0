// SPDX-License-Identifier: Apache-2.0
#include "state/sqlite_operations.hpp"

#include "documents/json.hpp"
#include "model/journal.hpp"
#include "state/connection.hpp"
#include "state/operation_chain.hpp"
#include "state/projection.hpp"
#include "state/rows.hpp"
#include "state/statement.hpp"
#include "state/transaction.hpp"

#include <utility>

namespace deployctl::state {

namespace {

/// With the head of its chain.
struct Kept {
    Operation operation;
    std::int64_t last_seq = 0;
    std::string last_hash;
};

const std::string select_operations = "SELECT * FROM operations ";

std::vector<Operation> read_all(SQLite::Statement& rows) {
    std::vector<Operation> found;
    while (rows.executeStep()) {
        found.push_back(read_operation(read_cells(rows)));
    }
    return found;
}

std::optional<Operation> find_by_id(SQLite::Database& database, const std::string& id) {
    auto rows = prepare(database, select_operations + "WHERE id = ?", id);
    return rows.executeStep() ? std::optional(read_operation(read_cells(rows))) : std::nullopt;
}

std::optional<Operation> find_running(SQLite::Database& database, const Operation& like) {
    auto rows = prepare(
        database,
        select_operations +
            "WHERE state = 'running' AND kind = ? AND app = ? AND environment = ? AND subject = ?",
        like.kind,
        like.app,
        like.environment,
        like.subject
    );
    return rows.executeStep() ? std::optional(read_operation(read_cells(rows))) : std::nullopt;
}

/// Where it still runs and `runner` has it.
std::optional<Kept> find_held(
    SQLite::Database& database, const std::string& id, const Runner& runner
) {
    auto rows = prepare(database, select_operations + "WHERE id = ? AND state = 'running'", id);
    if (!rows.executeStep()) {
        return std::nullopt;
    }
    const auto row = read_cells(rows);
    Kept kept{read_operation(row), row.number("/last_seq"), row.text("/last_hash")};
    return kept.operation.runner == runner ? std::optional(std::move(kept)) : std::nullopt;
}

void insert(SQLite::Database& database, const Operation& operation) {
    execute(
        database,
        "INSERT INTO operations (id, number, kind, app, environment, subject, started_by, reason, "
        "state, owner_json, meant_json, result_json, started_at, last_hash) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        operation.id,
        operation.number,
        operation.kind,
        operation.app,
        operation.environment,
        operation.subject,
        operation.by,
        operation.reason,
        to_text(operation.state),
        documents::write_json(to_value(operation.runner)),
        documents::write_json(operation.plan),
        documents::write_json(operation.result),
        operation.started,
        hash_of_begin(operation)
    );
}

BeginOperation begin_in(SQLite::Database& database, Operation operation, WallTime now) {
    if (auto same = find_by_id(database, operation.id)) {
        return {BeginOperation::Kind::begun, std::move(*same)};
    }
    if (auto other = find_running(database, operation)) {
        return {BeginOperation::Kind::another_is_running, std::move(*other)};
    }
    operation.number =
        database.execAndGet("SELECT coalesce(max(number), 0) + 1 FROM operations").getInt64();
    operation.state = OperationState::running;
    operation.started = now;
    operation.ended = std::nullopt;
    insert(database, operation);
    return {BeginOperation::Kind::begun, std::move(operation)};
}

void note_in(SQLite::Database& database, const Kept& kept, const OperationEvent& event) {
    const auto& actor = kept.operation.runner.identity;
    const auto hash = hash_of_event(kept.operation.id, event, actor, kept.last_hash);
    execute(
        database,
        "INSERT INTO operation_events (operation_id, seq, ts_wall, actor, kind, data_json, "
        "prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        kept.operation.id,
        event.seq,
        event.at,
        actor,
        event.type,
        documents::write_json(event.data),
        kept.last_hash,
        hash
    );
    execute(
        database,
        "UPDATE operations SET last_seq = ?, last_hash = ? WHERE id = ?",
        event.seq,
        hash,
        kept.operation.id
    );
}

void end_in(SQLite::Database& database, const Kept& kept, Operation operation, WallTime now) {
    operation.ended = now;
    execute(
        database,
        "UPDATE operations SET state = ?, result_json = ?, reason = ?, ended_at = ?, last_hash = ? "
        "WHERE id = ?",
        to_text(operation.state),
        documents::write_json(operation.result),
        operation.reason,
        now,
        hash_of_end(operation, kept.last_hash),
        operation.id
    );
}

/// Nothing where it is no reference to one, or to several.
std::optional<Operation> find_in(SQLite::Database& database, const Reference& reference) {
    auto rows = prepare(
        database,
        select_operations +
            "WHERE number = ?1 OR (?2 IS NOT NULL AND id >= ?2 AND id < ?2 || 'g') LIMIT 2",
        reference.number,
        reference.prefix
    );
    auto found = read_all(rows);
    return found.size() == 1 ? std::optional(std::move(found.front())) : std::nullopt;
}

std::vector<Operation> list_in(SQLite::Database& database, const OperationFilter& filter) {
    auto rows = prepare(
        database,
        select_operations +
            "WHERE (?1 = '' OR app = ?1) AND (?2 = '' OR environment = ?2) AND (?3 = '' OR kind = "
            "?3 OR (?3 LIKE '%.' AND substr(kind, 1, length(?3)) = ?3)) AND (?4 = '' OR subject = "
            "?4) AND (?5 = 0 OR state = 'running') ORDER BY number DESC LIMIT max(0, ?6)",
        filter.app,
        filter.environment,
        filter.kind,
        filter.subject,
        filter.only_running ? 1 : 0,
        filter.at_most
    );
    return read_all(rows);
}

std::vector<OperationEvent> events_in(SQLite::Database& database, const std::string& id) {
    auto rows =
        prepare(database, "SELECT * FROM operation_events WHERE operation_id = ? ORDER BY seq", id);
    std::vector<OperationEvent> events;
    while (rows.executeStep()) {
        events.push_back(read_operation_event(read_cells(rows)));
    }
    return events;
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

SqliteOperations::SqliteOperations(SqliteOptions options, const Clock& clock)
    : options_(std::move(options)), clock_(clock) {}

SqliteOperations::~SqliteOperations() = default;

Connection* SqliteOperations::reading() {
    if (writing_) {
        return writing_.get();
    }
    if (!reading_) {
        options_.access = Access::read_only;
        reading_ = open_journal(options_, clock_.now());
    }
    return reading_.get();
}

Connection& SqliteOperations::writing() {
    if (!writing_) {
        options_.access = Access::read_write;
        writing_ = open_journal(options_, clock_.now());
    }
    return *writing_;
}

Task<BeginOperation> SqliteOperations::begin_operation(Operation operation) {
    auto& connection = writing();
    const auto now = clock_.now();
    BeginOperation answer;
    write(connection, [&] { answer = begin_in(connection.database(), operation, now); });
    co_return answer;
}

Task<bool> SqliteOperations::note_operation(std::string id, Runner runner, OperationEvent event) {
    auto& connection = writing();
    event.at = clock_.now();
    bool is_noted = false;
    write(connection, [&] {
        const auto kept = find_held(connection.database(), id, runner);
        is_noted = kept.has_value();
        if (kept) {
            event.seq = kept->last_seq + 1;
            note_in(connection.database(), *kept, event);
        }
    });
    co_return is_noted;
}

Task<bool> SqliteOperations::end_operation(Operation operation) {
    auto& connection = writing();
    const auto now = clock_.now();
    bool has_ended = false;
    write(connection, [&] {
        const auto kept = find_held(connection.database(), operation.id, operation.runner);
        has_ended = kept.has_value();
        if (kept) {
            end_in(connection.database(), *kept, operation, now);
        }
    });
    co_return has_ended;
}

Task<bool> SqliteOperations::take_operation(std::string id, Runner was, Runner runner) {
    auto& connection = writing();
    bool is_taken = false;
    write(connection, [&] {
        is_taken = find_held(connection.database(), id, was).has_value();
        if (is_taken) {
            execute(
                connection.database(),
                "UPDATE operations SET owner_json = ? WHERE id = ?",
                documents::write_json(to_value(runner)),
                id
            );
        }
    });
    co_return is_taken;
}

Task<std::optional<Operation>> SqliteOperations::find_operation(std::string reference) {
    const auto wanted = read_reference(reference);
    co_return ask(reading(), [&](SQLite::Database& database) { return find_in(database, wanted); });
}

Task<std::vector<Operation>> SqliteOperations::operations(OperationFilter filter) {
    co_return ask(reading(), [&](SQLite::Database& database) { return list_in(database, filter); });
}

Task<std::vector<OperationEvent>> SqliteOperations::operation_events(std::string id) {
    co_return ask(reading(), [&](SQLite::Database& database) { return events_in(database, id); });
}

}  // namespace deployctl::state
