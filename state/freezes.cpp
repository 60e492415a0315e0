// SPDX-License-Identifier: Apache-2.0
#include "state/freezes.hpp"

#include <utility>

namespace deployctl::state {

namespace {

const std::string select_freezes =
    "SELECT id, number, app, environment, made_by, reason, begins_at, ends_at, removed_by, "
    "removal_reason, removed_at FROM freezes ";

std::optional<WallTime> time_of(const SQLite::Column& column) {
    return column.isNull() ? std::nullopt : std::optional(to_wall_time(column.getInt64()));
}

Freeze read_freeze(SQLite::Statement& row) {
    Freeze freeze;
    freeze.id = row.getColumn(0).getString();
    freeze.number = row.getColumn(1).getInt64();
    freeze.app = row.getColumn(2).getString();
    freeze.environment = row.getColumn(3).getString();
    freeze.by = row.getColumn(4).getString();
    freeze.reason = row.getColumn(5).getString();
    freeze.since = to_wall_time(row.getColumn(6).getInt64());
    freeze.until = time_of(row.getColumn(7));
    if (const auto at = time_of(row.getColumn(10))) {
        freeze.removed =
            FreezeRemoval{row.getColumn(8).getString(), row.getColumn(9).getString(), *at};
    }
    return freeze;
}

void insert(SQLite::Database& database, const Freeze& freeze) {
    execute(
        database,
        "INSERT INTO freezes (id, number, app, environment, made_by, reason, begins_at, ends_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        freeze.id,
        freeze.number,
        freeze.app,
        freeze.environment,
        freeze.by,
        freeze.reason,
        freeze.since,
        freeze.until
    );
}

void write_removal(SQLite::Database& database, const Freeze& freeze) {
    execute(
        database,
        "UPDATE freezes SET removed_by = ?, removal_reason = ?, removed_at = ? WHERE id = ?",
        freeze.removed->by,
        freeze.removed->reason,
        freeze.removed->at,
        freeze.id
    );
}

std::optional<Freeze> find_freeze(SQLite::Database& database, const std::string& id) {
    auto row = prepare(database, select_freezes + "WHERE id = ?", id);
    return row.executeStep() ? std::optional(read_freeze(row)) : std::nullopt;
}

}  // namespace

Freeze with_removal_of(Freeze present, const Freeze& given) {
    if (!present.removed) {
        present.removed = given.removed;
    }
    return present;
}

Freeze keep_freeze(SQLite::Database& database, Freeze freeze) {
    const auto present = find_freeze(database, freeze.id);
    if (!present) {
        freeze.number =
            database.execAndGet("SELECT coalesce(max(number), 0) + 1 FROM freezes").getInt64();
        insert(database, freeze);
    }
    const bool was_removed = present && present->removed;
    auto kept = present ? with_removal_of(*present, freeze) : std::move(freeze);
    if (kept.removed && !was_removed) {
        write_removal(database, kept);
    }
    return kept;
}

std::vector<Freeze> read_freezes(SQLite::Database& database, const std::string& app) {
    auto rows = prepare(database, select_freezes + "WHERE app = ? ORDER BY number", app);
    std::vector<Freeze> freezes;
    while (rows.executeStep()) {
        freezes.push_back(read_freeze(rows));
    }
    return freezes;
}

}  // namespace deployctl::state
