// SPDX-License-Identifier: Apache-2.0
#include "state/journal_export.hpp"

#include "state/connection.hpp"
#include "state/failure.hpp"
#include "state/file_system.hpp"
#include "state/portable.hpp"
#include "state/rows.hpp"
#include "state/snapshot.hpp"
#include "state/statement.hpp"
#include "state/transaction.hpp"

#include <fstream>
#include <utility>

namespace deployctl::state {

namespace {

void write_table(
    SQLite::Database& database,
    const PortableTable& table,
    const std::string& app,
    LineWriter& lines
) {
    auto rows = prepare(
        database,
        std::string("SELECT * FROM ") + table.name + " WHERE " + table.chosen + " ORDER BY " +
            table.order,
        app
    );
    while (rows.executeStep()) {
        lines.write(Value::map({{"table", table.name}, {"row", read_cells(rows)}}));
    }
}

Carried count(SQLite::Database& database, const std::string& app) {
    auto row = prepare(
        database,
        "SELECT (SELECT count(*) FROM rollouts r JOIN targets t ON t.id = r.target_id "
        "WHERE ?1 = '' OR t.app = ?1), "
        "(SELECT count(*) FROM events e JOIN targets t ON t.id = e.target_id "
        "WHERE ?1 = '' OR t.app = ?1)",
        app
    );
    row.executeStep();
    return {row.getColumn(0).getInt64(), row.getColumn(1).getInt64()};
}

}  // namespace

Carried export_journal(
    const std::filesystem::path& file, const std::string& app, std::ostream& out
) {
    SqliteOptions options;
    options.file = file;
    options.access = Access::read_only;
    const auto connection = open_journal(options, WallTime());
    if (!connection) {
        throw no_journal(file, "to export");
    }
    Carried carried;
    guarded(file, [&] {
        // Whoever takes the lines may stand still for hours (`| less`): no runner waits for them.
        auto database = take_snapshot(*connection);
        carried = count(database, app);
        if (carried.rollouts == 0 && !app.empty()) {
            throw Error(
                ExitCode::usage,
                "the journal has no rollout of the app " + app,
                "`deployctl rollout list` shows those that it has"
            );
        }
        LineWriter lines(out);
        lines.begin();
        for (const auto& table : portable_tables()) {
            write_table(database, table, app, lines);
        }
        lines.end();
    });
    return carried;
}

Carried export_to_file(
    const std::filesystem::path& file, const std::string& app, const std::filesystem::path& copy
) {
    Draft draft(copy);
    std::ofstream out(draft.place(), std::ios::binary);
    const auto carried = export_journal(file, app, out);
    out.close();
    if (!out) {
        throw not_writable(copy, "the disk may be full");
    }
    if (!draft.publish()) {
        throw not_writable(copy, "File exists");
    }
    return carried;
}

}  // namespace deployctl::state
