// SPDX-License-Identifier: Apache-2.0
#include "state/rows.hpp"

#include "documents/json.hpp"
#include "model/named.hpp"
#include "state/failure.hpp"

#include <array>

namespace deployctl::state {

namespace {

constexpr std::array directions{Direction::forward, Direction::back};
constexpr std::array verbs{EffectVerb::patch, EffectVerb::create, EffectVerb::remove};
constexpr std::array attempt_states{
    AttemptState::intent,
    AttemptState::applied,
    AttemptState::not_applied,
    AttemptState::unknown,
    AttemptState::refused,
};
constexpr std::array request_kinds{
    RequestKind::pause,
    RequestKind::resume,
    RequestKind::retry,
    RequestKind::advance,
    RequestKind::abort,
    RequestKind::rollback,
};

template <class T>
T known(const std::optional<T>& value, const std::string& text) {
    if (!value) {
        throw Error(
            ExitCode::state_unreadable, "the journal holds a word that nobody wrote: " + text
        );
    }
    return *value;
}

template <class Values>
auto read_one_of(const Values& values, const std::string& text) {
    return known(read_name(text, values), text);
}

/// Takes the columns one after the other.
class Columns {
public:
    explicit Columns(SQLite::Statement& row) : row_(row) {}

    std::string text() { return row_.getColumn(next_++).getString(); }

    std::int64_t number() { return row_.getColumn(next_++).getInt64(); }

    std::optional<std::int64_t> maybe_number() {
        const auto column = row_.getColumn(next_++);
        return column.isNull() ? std::nullopt : std::optional(column.getInt64());
    }

private:
    SQLite::Statement& row_;
    int next_ = 0;
};

RolloutRecord read_record(SQLite::Statement& row) {
    Columns columns(row);
    RolloutRecord record;
    record.id = columns.text();
    record.number = columns.number();
    record.target.app = columns.text();
    record.target.environment = columns.text();
    record.target.kube_namespace = columns.text();
    record.target.cluster_uid = columns.text();
    record.context = columns.text();
    const auto strategy = columns.text();
    record.strategy = known(read_strategy(strategy), strategy);
    const auto state = columns.text();
    record.state = known(read_rollout_state(state), state);
    record.direction = read_one_of(directions, columns.text());
    record.step = static_cast<int>(columns.number());
    record.version = columns.number();
    record.epoch = columns.number();
    record.owner = read_runner(read_cell(columns.text()));
    record.previous_version = columns.text();
    record.next_version = columns.text();
    record.digest = columns.text();
    record.plan_hash = columns.text();
    record.initiator = columns.text();
    record.reason = columns.text();
    record.started = to_wall_time(columns.number());
    const auto ended = columns.maybe_number();
    record.ended = ended ? std::optional(to_wall_time(*ended)) : std::nullopt;
    record.end_reason = columns.text();
    const auto exit = columns.maybe_number();
    record.exit = exit ? std::optional(static_cast<ExitCode>(*exit)) : std::nullopt;
    return record;
}

std::optional<int> to_number(std::optional<ExitCode> exit) {
    return exit ? std::optional(static_cast<int>(*exit)) : std::nullopt;
}

}  // namespace

Value read_cells(SQLite::Statement& row) {
    Value cells = Value::map();
    for (int at = 0; at < row.getColumnCount(); ++at) {
        const auto column = row.getColumn(at);
        Value cell;
        if (!column.isNull()) {
            cell = column.isInteger() ? Value(column.getInt64()) : Value(column.getString());
        }
        cells.make_object()[row.getColumnName(at)] = std::move(cell);
    }
    return cells;
}

Value read_cell(const std::string& text) {
    auto value = documents::try_read_json(text);
    if (!value) {
        throw damaged_cell(text);
    }
    return std::move(*value);
}

namespace {

std::optional<Kind> kind_named(const std::string& name) {
    for (int at = 0; at < static_cast<int>(Kind::other); ++at) {
        const auto kind = static_cast<Kind>(at);
        if (name == info(kind).name) {
            return kind;
        }
    }
    return std::nullopt;
}

}  // namespace

std::string kind_cell(const ObjectRef& ref) {
    const auto& other = ref.other;
    return ref.kind == Kind::other ? other.api_version + " " + other.name + " " + other.plural
                                   : info(ref.kind).name;
}

std::optional<ObjectRef> read_kind_cell(const std::string& cell) {
    ObjectRef ref;
    const auto first = cell.find(' ');
    if (first == std::string::npos) {
        const auto kind = kind_named(cell);
        ref.kind = kind.value_or(Kind::other);
        return kind ? std::optional(ref) : std::nullopt;
    }
    const auto second = cell.find(' ', first + 1);
    if (second == std::string::npos) {
        return std::nullopt;
    }
    ref.kind = Kind::other;
    ref.other = {
        cell.substr(0, first), cell.substr(first + 1, second - first - 1), cell.substr(second + 1)
    };
    return ref;
}

const std::string select_rollouts =
    "SELECT r.id, r.number, t.app, r.environment, t.namespace, t.cluster_uid, r.context, "
    "r.strategy, r.state, "
    "r.direction, r.step_idx, r.version, r.epoch, r.owner_json, r.previous_version, "
    "r.next_version, r.digest, "
    "r.plan_hash, r.initiator, r.reason, r.started_at, r.ended_at, r.end_reason, r.exit_code "
    "FROM rollouts r JOIN targets t ON t.id = r.target_id ";

std::vector<RolloutRecord> read_records(SQLite::Statement& rows) {
    std::vector<RolloutRecord> records;
    while (rows.executeStep()) {
        records.push_back(read_record(rows));
    }
    return records;
}

std::optional<RolloutRecord> read_rollout(SQLite::Database& database, const RolloutId& id) {
    auto rows = prepare(database, select_rollouts + "WHERE r.id = ?", id);
    return rows.executeStep() ? std::optional(read_record(rows)) : std::nullopt;
}

void insert_rollout(SQLite::Database& database, const RolloutRecord& record, std::int64_t target) {
    execute(
        database,
        "INSERT INTO rollouts (id, number, target_id, environment, context, strategy, state, "
        "direction, step_idx, "
        "version, epoch, owner_json, previous_version, next_version, digest, plan_hash, initiator, "
        "reason, "
        "started_at, ended_at, end_reason, exit_code) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        record.id,
        record.number,
        target,
        record.target.environment,
        record.context,
        to_text(record.strategy),
        to_text(record.state),
        to_text(record.direction),
        record.step,
        record.version,
        record.epoch,
        documents::write_json(to_value(record.owner)),
        record.previous_version,
        record.next_version,
        record.digest,
        record.plan_hash,
        record.initiator,
        record.reason,
        record.started,
        record.ended,
        record.end_reason,
        to_number(record.exit)
    );
}

void update_rollout(SQLite::Database& database, const RolloutRecord& record) {
    execute(
        database,
        "UPDATE rollouts SET state = ?, direction = ?, step_idx = ?, version = ?, epoch = ?, "
        "owner_json = ?, "
        "ended_at = ?, end_reason = ?, exit_code = ? WHERE id = ?",
        to_text(record.state),
        to_text(record.direction),
        record.step,
        record.version,
        record.epoch,
        documents::write_json(to_value(record.owner)),
        record.ended,
        record.end_reason,
        to_number(record.exit),
        record.id
    );
}

std::vector<OpenAttempt> read_open_attempts(SQLite::Database& database, const RolloutId& rollout) {
    auto rows = prepare(
        database,
        "SELECT id, direction, step_idx, verb, object_kind, object_namespace, object_name, "
        "fence_before, "
        "fence_after, request_hash, state FROM attempts "
        "WHERE rollout_id = ? AND state IN ('intent', 'unknown') ORDER BY n",
        rollout
    );
    std::vector<OpenAttempt> open;
    while (rows.executeStep()) {
        Columns columns(rows);
        OpenAttempt attempt;
        attempt.intent.attempt = columns.text();
        attempt.intent.direction = read_one_of(directions, columns.text());
        attempt.intent.step = static_cast<int>(columns.number());
        attempt.intent.verb = read_one_of(verbs, columns.text());
        const auto kind = columns.text();
        attempt.intent.object = known(read_kind_cell(kind), kind);
        attempt.intent.object.kube_namespace = columns.text();
        attempt.intent.object.name = columns.text();
        attempt.intent.fence_before = columns.text();
        attempt.intent.fence_after = columns.text();
        attempt.intent.request_hash = columns.text();
        attempt.state = read_one_of(attempt_states, columns.text());
        open.push_back(std::move(attempt));
    }
    return open;
}

std::optional<AttemptState> read_attempt_state(
    SQLite::Database& database, const std::string& attempt
) {
    auto rows = prepare(database, "SELECT state FROM attempts WHERE id = ?", attempt);
    if (!rows.executeStep()) {
        return std::nullopt;
    }
    return read_one_of(attempt_states, Columns(rows).text());
}

std::vector<Request> read_pending_requests(SQLite::Database& database, const RolloutId& rollout) {
    auto rows = prepare(
        database,
        "SELECT id, kind, made_by, reason FROM requests WHERE rollout_id = ? AND taken_at IS NULL "
        "ORDER BY id",
        rollout
    );
    std::vector<Request> pending;
    while (rows.executeStep()) {
        Columns columns(rows);
        Request request;
        request.id = columns.number();
        request.kind = read_one_of(request_kinds, columns.text());
        request.by = columns.text();
        request.reason = columns.text();
        pending.push_back(std::move(request));
    }
    return pending;
}

}  // namespace deployctl::state
