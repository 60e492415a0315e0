// SPDX-License-Identifier: Apache-2.0
#include "state/journal_import.hpp"

#include "state/connection.hpp"
#include "state/export_check.hpp"
#include "state/portable.hpp"
#include "state/statement.hpp"
#include "state/transaction.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace deployctl::state {

namespace {

/// Counts what has come.
void note(Imported& imported, std::string_view table, const Value& row) {
    constexpr std::string_view rollouts = "rollouts";
    constexpr std::string_view events = "events";
    if (table == rollouts) {
        const auto number = row.number("/number");
        const bool is_first = imported.rollouts == 0;
        imported.first_number = is_first ? number : std::min(imported.first_number, number);
        imported.last_number = std::max(imported.last_number, number);
        ++imported.rollouts;
    }
    imported.events += table == events ? 1 : 0;
}

/// Takes the rows of one export into the tables, within a transaction.
class Insertion {
public:
    Insertion(SQLite::Database& database, const std::filesystem::path& exported)
        : database_(database), exported_(exported) {
        for (const auto& number : local_numbers()) {
            const std::string given = number.given_as;
            shifts_[{number.table, number.column}] =
                database
                    .execAndGet("SELECT coalesce(max(" + given + "), 0) FROM " + number.given_in)
                    .getInt64();
        }
        for (const auto& table : portable_tables()) {
            auto rows = prepare(database, "SELECT name FROM pragma_table_info(?)", table.name);
            while (rows.executeStep()) {
                columns_[table.name].insert(rows.getColumn(0).getString());
            }
        }
    }

    void take(ExportLine line) {
        const std::string table = portable_tables()[line.table].name;
        shift(table, line.row);
        refuse_known(line);
        insert(line, table);
        note(imported_, table, line.row);
    }

    const Imported& imported() const { return imported_; }

private:
    void shift(const std::string& table, Value& row) const {
        for (auto& [column, value] : row.make_object()) {
            const auto found = shifts_.find({table, column});
            if (found != shifts_.end() && std::holds_alternative<std::int64_t>(value.data())) {
                value = std::get<std::int64_t>(value.data()) + found->second;
            }
        }
    }

    /// Only a row of a target has these three.
    void refuse_known(const ExportLine& line) const {
        const auto& row = line.row;
        if (!row.has("/cluster_uid")) {
            return;
        }
        auto known = prepare(
            database_,
            "SELECT 1 FROM targets WHERE cluster_uid = ? AND namespace = ? AND app = ?",
            row.text("/cluster_uid"),
            row.text("/namespace"),
            row.text("/app")
        );
        if (known.executeStep()) {
            // Nothing is wrong with the export: no other one of it would do.
            throw Error(
                ExitCode::state_unreadable,
                "the export " + exported_.string() + ", line " + std::to_string(line.number) +
                    ": the journal has rollouts of " + row.text("/app") + " in " +
                    row.text("/namespace") +
                    " of this cluster already, and two histories of it cannot become one",
                "nothing was imported; name a file of its own for it with --state"
            );
        }
    }

    void insert(const ExportLine& line, const std::string& table) {
        std::string names;
        std::string places;
        for (const auto& [column, value] : line.row.members()) {
            if (!columns_[table].contains(column)) {
                throw bad_line(exported_, line.number, table + " has no column " + column);
            }
            names += (names.empty() ? "" : ", ") + column;
            places += places.empty() ? "?" : ", ?";
        }
        SQLite::Statement statement(
            database_, "INSERT INTO " + table + " (" + names + ") VALUES (" + places + ")"
        );
        int place = 0;
        for (const auto& [column, value] : line.row.members()) {
            bind_value(statement, ++place, value, line);
        }
        refuse_misfit(statement.tryExecuteStep(), line);
    }

    void bind_value(
        SQLite::Statement& statement, int place, const Value& value, const ExportLine& line
    ) const {
        if (value.is_null()) {
            statement.bind(place);
        } else if (value.is_string()) {
            statement.bind(place, value.text(""));
        } else if (std::holds_alternative<std::int64_t>(value.data())) {
            statement.bind(place, std::get<std::int64_t>(value.data()));
        } else {
            throw bad_line(exported_, line.number, "holds a value that no journal holds");
        }
    }

    /// What the tables refuse is the line's fault; anything else is the disk's.
    void refuse_misfit(int code, const ExportLine& line) const {
        const int kind = code & 0xff;
        const int exact = sqlite3_extended_errcode(database_.getHandle());
        if (exact == SQLITE_CONSTRAINT_PRIMARYKEY || exact == SQLITE_CONSTRAINT_UNIQUE) {
            throw Error(
                ExitCode::state_unreadable,
                "the export " + exported_.string() + ", line " + std::to_string(line.number) +
                    ": this row of `" + portable_tables()[line.table].name +
                    "` is there already, by its id: the export was imported before, or says it "
                    "twice",
                "nothing was imported; `deployctl state info` tells what the journal has"
            );
        }
        if (kind == SQLITE_CONSTRAINT || kind == SQLITE_MISMATCH) {
            throw bad_line(
                exported_, line.number, std::string("does not fit: ") + database_.getErrorMsg()
            );
        }
        if (code != SQLITE_DONE) {
            throw SQLite::Exception(database_.getHandle(), code);
        }
    }

    SQLite::Database& database_;
    const std::filesystem::path& exported_;
    std::map<std::pair<std::string, std::string>, std::int64_t> shifts_;
    std::map<std::string, std::set<std::string>> columns_;
    Imported imported_;
};

Imported insert_all(SQLite::Database& database, const std::filesystem::path& exported) {
    Insertion insertion(database, exported);
    read_export(exported, [&](const ExportLine& line) { insertion.take(line); });
    return insertion.imported();
}

Imported count_all(const std::filesystem::path& exported) {
    Imported imported;
    read_export(exported, [&](const ExportLine& line) {
        note(imported, portable_tables()[line.table].name, line.row);
    });
    return imported;
}

}  // namespace

Imported import_journal(
    const std::filesystem::path& exported,
    const std::filesystem::path& file,
    ImportEffect effect,
    WallTime now
) {
    check_export(exported);
    if (effect == ImportEffect::show && !std::filesystem::exists(file)) {
        return count_all(exported);  // opening the journal would make it
    }
    SqliteOptions options;
    options.file = file;
    Imported imported;
    const auto connection = open_journal(options, now);
    write(*connection, [&] {
        auto& database = connection->database();
        database.exec("SAVEPOINT before_import");
        imported = insert_all(database, exported);
        database.exec(
            effect == ImportEffect::show ? "ROLLBACK TO before_import" : "RELEASE before_import"
        );
    });
    return imported;
}

}  // namespace deployctl::state
