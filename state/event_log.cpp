// SPDX-License-Identifier: Apache-2.0
#include "state/event_log.hpp"

#include "documents/json.hpp"
#include "state/projection.hpp"
#include "state/rows.hpp"

namespace deployctl::state {

namespace {

std::optional<int> maybe_step(const SQLite::Column& column) {
    return column.isNull() ? std::nullopt : std::optional(column.getInt());
}

const std::string select_events =
    "SELECT e.seq, e.ts_wall, e.rollout_id, r.number, r.environment, e.kind, e.step_idx, "
    "e.body_json "
    "FROM events e JOIN rollouts r ON r.id = e.rollout_id ";

std::vector<Event> read_all(SQLite::Statement& rows) {
    std::vector<Event> events;
    while (rows.executeStep()) {
        Event event;
        event.seq = rows.getColumn(0).getInt64();
        event.at = to_wall_time(rows.getColumn(1).getInt64());
        event.rollout = rows.getColumn(2).getString();
        event.number = rows.getColumn(3).getInt64();
        event.environment = rows.getColumn(4).getString();
        event.type = rows.getColumn(5).getString();
        event.step = maybe_step(rows.getColumn(6));
        event.data = read_cell(rows.getColumn(7).getString());
        events.push_back(std::move(event));
    }
    return events;
}

}  // namespace

std::string hash_of(const Link& link) {
    Value step;
    if (link.event.step) {
        step = *link.event.step;
    }
    const auto covered = Value::map({
        {"actor", link.actor},
        {"boot_id", link.moment.boot_id},
        {"data", link.event.data},
        {"rollout", link.event.rollout},
        {"seq", link.event.seq},
        {"step", std::move(step)},
        {"ts_boot", link.moment.boot.since_boot.count()},
        {"ts_wall", to_microseconds(link.moment.wall)},
        {"type", link.event.type},
    });
    return documents::sha256_hex(link.previous + "\n" + documents::write_json(covered));
}

Event append_event(
    SQLite::Database& database,
    const RolloutRecord& record,
    const Entry& entry,
    const Moment& moment,
    std::int64_t version
) {
    auto target = prepare(
        database,
        "SELECT t.id, t.last_seq, t.last_hash FROM targets t JOIN rollouts r ON r.target_id = t.id "
        "WHERE r.id = ?",
        record.id
    );
    target.executeStep();
    const std::int64_t target_id = target.getColumn(0).getInt64();
    const auto& actor = record.owner.identity.empty() ? record.initiator : record.owner.identity;
    const Link link{
        event_of(record, entry, moment.wall, target.getColumn(1).getInt64() + 1),
        moment,
        actor,
        target.getColumn(2).getString(),
    };
    const auto hash = hash_of(link);
    execute(
        database,
        "INSERT INTO events (target_id, seq, rollout_id, ts_wall, ts_boot, boot_id, actor, kind, "
        "step_idx, "
        "body_json, prev_hash, hash, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        target_id,
        link.event.seq,
        record.id,
        moment.wall,
        moment.boot.since_boot,
        moment.boot_id,
        actor,
        link.event.type,
        link.event.step,
        documents::write_json(link.event.data),
        link.previous,
        hash,
        version
    );
    execute(
        database,
        "UPDATE targets SET last_seq = ?, last_hash = ? WHERE id = ?",
        link.event.seq,
        hash,
        target_id
    );
    return link.event;
}

std::vector<Event> read_append(
    SQLite::Database& database, const RolloutId& rollout, std::int64_t version
) {
    auto rows = prepare(
        database,
        select_events + "WHERE e.rollout_id = ? AND e.version = ? ORDER BY e.seq",
        rollout,
        version
    );
    return read_all(rows);
}

std::vector<Event> read_events(
    SQLite::Database& database, const RolloutId& rollout, std::int64_t after
) {
    auto rows = prepare(
        database,
        select_events + "WHERE e.rollout_id = ? AND e.seq > ? ORDER BY e.seq",
        rollout,
        after
    );
    return read_all(rows);
}

}  // namespace deployctl::state
