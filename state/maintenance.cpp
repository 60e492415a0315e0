// SPDX-License-Identifier: Apache-2.0
#include "state/maintenance.hpp"

#include "documents/json.hpp"
#include "state/chain.hpp"
#include "state/connection.hpp"
#include "state/file_system.hpp"
#include "state/transaction.hpp"

namespace deployctl::state {

namespace {

std::vector<Chain> read_chains(SQLite::Database& database) {
    auto rows = prepare(
        database,
        "SELECT t.id, t.app, coalesce(a.seq, 0), coalesce(a.hash, ''), t.last_seq, t.last_hash "
        "FROM targets t LEFT JOIN anchors a ON a.target_id = t.id ORDER BY t.id"
    );
    std::vector<Chain> chains;
    while (rows.executeStep()) {
        chains.push_back({
            rows.getColumn(0).getInt64(),
            rows.getColumn(1).getString(),
            {rows.getColumn(2).getInt64(), rows.getColumn(3).getString()},
            {rows.getColumn(4).getInt64(), rows.getColumn(5).getString()},
        });
    }
    return chains;
}

Link read_link(SQLite::Statement& row) {
    Link link;
    link.event.seq = row.getColumn(0).getInt64();
    link.event.rollout = row.getColumn(1).getString();
    link.moment.wall = to_wall_time(row.getColumn(2).getInt64());
    link.moment.boot.since_boot = Duration(row.getColumn(3).getInt64());
    link.moment.boot_id = row.getColumn(4).getString();
    link.actor = row.getColumn(5).getString();
    link.event.type = row.getColumn(6).getString();
    if (!row.getColumn(7).isNull()) {
        link.event.step = row.getColumn(7).getInt();
    }
    link.event.data = documents::read_json(row.getColumn(8).getString());
    link.previous = row.getColumn(9).getString();
    return link;
}

void check_chain(
    SQLite::Database& database, ChainWalk walk, ChainReport& report, std::int64_t target
) {
    auto rows = prepare(
        database,
        "SELECT seq, rollout_id, ts_wall, ts_boot, boot_id, actor, kind, step_idx, body_json, "
        "prev_hash, hash "
        "FROM events WHERE target_id = ? AND seq > ? ORDER BY seq",
        target,
        walk.after()
    );
    while (rows.executeStep()) {
        walk.visit(read_link(rows), rows.getColumn(10).getString(), report.faults);
        ++report.checked;
    }
    walk.end(report.faults);
}

std::unique_ptr<Connection> open_for_reading(const std::filesystem::path& file) {
    SqliteOptions options;
    options.file = file;
    options.access = Access::read_only;
    return open_journal(options, WallTime());
}

}  // namespace

ChainReport verify_chain(const std::filesystem::path& file, int at_most) {
    ChainReport report;
    const auto connection = open_for_reading(file);
    if (connection) {
        guarded(file, [&] {
            for (const auto& chain : read_chains(connection->database())) {
                ChainWalk walk(chain, at_most);
                check_chain(connection->database(), walk, report, chain.target);
            }
        });
    }
    return report;
}

void copy_journal(Connection& connection, const std::filesystem::path& copy) {
    // SQLite fills an empty file that is there, and so keeps its mode.
    make_private(copy);
    execute(connection.database(), "VACUUM INTO ?", copy.string());
}

void back_up(const std::filesystem::path& file, const std::filesystem::path& copy) {
    const auto connection = open_for_reading(file);
    if (!connection) {
        throw Error(
            ExitCode::state_unreadable,
            "there is no journal " + file.string() + " to copy",
            "name one with --state; the first rollout makes it"
        );
    }
    guarded(file, [&] {
        connection->database().exec("PRAGMA query_only = OFF");
        copy_journal(*connection, copy);
    });
}

}  // namespace deployctl::state
