// SPDX-License-Identifier: Apache-2.0
#include "state/maintenance.hpp"

#include "documents/json.hpp"
#include "state/cell_check.hpp"
#include "state/chain.hpp"
#include "state/connection.hpp"
#include "state/failure.hpp"
#include "state/file_system.hpp"
#include "state/operation_chain.hpp"
#include "state/portable.hpp"
#include "state/rows.hpp"
#include "state/snapshot.hpp"
#include "state/transaction.hpp"

#include <SQLiteCpp/Transaction.h>

#include <iterator>
#include <utility>

namespace deployctl::state {

namespace {

/// So few that they are read in a moment: a runner cannot commit meanwhile.
constexpr int events_of_page = 256;

/// An event with the hash that was written for it.
struct Written {
    Link link;
    std::string hash;
};

/// Some events of a chain, and what the tables say of it at the same moment.
struct Page {
    Chain chain;
    std::vector<Written> events;
};

std::vector<std::int64_t> read_targets(SQLite::Database& database, const std::string& app) {
    auto rows =
        prepare(database, "SELECT id FROM targets WHERE ?1 = '' OR app = ?1 ORDER BY id", app);
    std::vector<std::int64_t> targets;
    while (rows.executeStep()) {
        targets.push_back(rows.getColumn(0).getInt64());
    }
    return targets;
}

Chain read_chain(SQLite::Database& database, std::int64_t target) {
    auto row = prepare(
        database,
        "SELECT t.app, coalesce(a.seq, 0), coalesce(a.hash, ''), t.last_seq, t.last_hash "
        "FROM targets t LEFT JOIN anchors a ON a.target_id = t.id WHERE t.id = ?",
        target
    );
    row.executeStep();
    return {
        target,
        row.getColumn(0).getString(),
        {row.getColumn(1).getInt64(), row.getColumn(2).getString()},
        {row.getColumn(3).getInt64(), row.getColumn(4).getString()},
    };
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
    // What is no JSON stays a text, whose hash is another one than that of any body.
    const auto body = row.getColumn(8).getString();
    link.event.data = documents::try_read_json(body).value_or(Value(body));
    link.previous = row.getColumn(9).getString();
    return link;
}

Page read_page(SQLite::Database& database, std::int64_t target, std::int64_t after) {
    SQLite::Transaction one_moment(database);
    Page page{read_chain(database, target), {}};
    auto rows = prepare(
        database,
        "SELECT seq, rollout_id, ts_wall, ts_boot, boot_id, actor, kind, step_idx, body_json, "
        "prev_hash, hash "
        "FROM events WHERE target_id = ? AND seq > ? ORDER BY seq LIMIT ?",
        target,
        after,
        events_of_page
    );
    while (rows.executeStep()) {
        page.events.push_back({read_link(rows), rows.getColumn(10).getString()});
    }
    return page;
}

/// Between two pages a rollout may go on, and old ones may be pruned.
void check_chain(
    SQLite::Database& database, std::int64_t target, std::int64_t at_most, ChainReport& report
) {
    ChainWalk walk(read_chain(database, target), at_most);
    bool is_last = false;
    while (!is_last) {
        auto page = read_page(database, target, walk.after());
        is_last = std::ssize(page.events) < events_of_page;
        walk.follow(std::move(page.chain));
        for (const auto& written : page.events) {
            walk.visit(written.link, written.hash, report.faults);
            ++report.checked;
        }
    }
    walk.end(report.faults);
}

/// The newest `at_most` operations, each as a whole: they are short.
std::vector<std::string> read_operations(
    SQLite::Database& database, const std::string& app, int at_most
) {
    auto rows = prepare(
        database,
        "SELECT id FROM operations WHERE ?1 = '' OR app = ?1 ORDER BY number DESC LIMIT ?2",
        app,
        at_most
    );
    std::vector<std::string> ids;
    while (rows.executeStep()) {
        ids.push_back(rows.getColumn(0).getString());
    }
    return ids;
}

/// Between two of them operations may go on, and old ones may be pruned.
void check_operation(SQLite::Database& database, const std::string& id, ChainReport& report) {
    SQLite::Transaction one_moment(database);
    auto row = prepare(database, "SELECT * FROM operations WHERE id = ?", id);
    if (!row.executeStep()) {
        return;
    }
    OperationWalk walk(read_cells(row));
    auto events =
        prepare(database, "SELECT * FROM operation_events WHERE operation_id = ? ORDER BY seq", id);
    while (events.executeStep()) {
        walk.visit(read_cells(events), report.faults);
        ++report.checked;
    }
    walk.end(report.faults);
}

/// By what it is sorted by, as in "attempts n 3".
std::string name_of(const PortableTable& table, const Value& row) {
    const std::string order = table.order;
    const auto key = order.substr(0, order.find(','));
    const auto& cell = row.at("/" + key);
    return std::string(table.name) + " " + key + " " +
           (cell.is_string() ? cell.text("") : std::to_string(cell.number("")));
}

void find_faulty_cells(
    SQLite::Database& database,
    const PortableTable& table,
    int at_most,
    std::vector<std::string>& faults
) {
    auto rows =
        prepare(database, std::string("SELECT * FROM ") + table.name + " ORDER BY " + table.order);
    while (std::ssize(faults) < at_most && rows.executeStep()) {
        const auto row = read_cells(rows);
        for (const auto& [column, cell] : row.members()) {
            const auto fault = cell.is_null() ? std::string() : fault_in_cell(column, cell);
            if (!fault.empty()) {
                faults.push_back(name_of(table, row) + ": " + column + " " + fault);
            }
        }
    }
}

std::unique_ptr<Connection> open_for_reading(const std::filesystem::path& file) {
    SqliteOptions options;
    options.file = file;
    options.access = Access::read_only;
    return open_journal(options, WallTime());
}

}  // namespace

ChainReport verify_chain(const std::filesystem::path& file, int at_most, const std::string& app) {
    ChainReport report;
    const auto connection = open_for_reading(file);
    if (connection) {
        guarded(file, [&] {
            auto& database = connection->database();
            for (const auto target : read_targets(database, app)) {
                check_chain(database, target, at_most, report);
            }
            for (const auto& operation : read_operations(database, app, at_most)) {
                check_operation(database, operation, report);
            }
        });
    }
    return report;
}

std::vector<std::string> faulty_cells(const std::filesystem::path& file, int at_most) {
    std::vector<std::string> faults;
    const auto connection = open_for_reading(file);
    if (connection) {
        guarded(file, [&] {
            auto snapshot = take_snapshot(*connection);  // no runner waits for so long a reading
            for (const auto& table : portable_tables()) {
                find_faulty_cells(snapshot, table, at_most, faults);
            }
        });
    }
    return faults;
}

bool copy_journal(Connection& connection, const std::filesystem::path& copy) {
    // From a snapshot: the disk of the copy may be slow, and no runner waits for it.
    auto snapshot = take_snapshot(connection);
    Draft draft(copy);
    // SQLite fills an empty file that is there, and so keeps its mode.
    execute(snapshot, "VACUUM INTO ?", draft.place().string());
    return draft.publish();
}

void back_up(const std::filesystem::path& file, const std::filesystem::path& copy) {
    const auto connection = open_for_reading(file);
    if (!connection) {
        throw no_journal(file, "to copy");
    }
    bool is_new = false;
    guarded(file, [&] { is_new = copy_journal(*connection, copy); });
    if (!is_new) {
        throw not_writable(copy, "File exists");
    }
}

}  // namespace deployctl::state
