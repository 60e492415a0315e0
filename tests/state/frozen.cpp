// SPDX-License-Identifier: Apache-2.0
#include "tests/state/frozen.hpp"

#include "documents/json.hpp"
#include "state/sqlite_store.hpp"
#include "tests/state/fixture.hpp"
#include "tests/support/source_dir.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <sstream>

namespace deployctl::tests {

namespace {

/// What deployctl and people write; all else the controllers make from it.
constexpr std::array frozen_kinds{
    Kind::deployment, Kind::service, Kind::lease, Kind::controller_revision
};
/// Far enough to have steps behind it and steps before it.
constexpr int intents_before_the_loss = 8;

std::filesystem::path place_of(int schema, const std::string& what) {
    auto number = std::to_string(schema);
    number = std::string(4 - number.size(), '0') + number;
    return source_dir() / "tests/state/fixtures" / (number + "_" + what);
}

std::string insertions(SQLite::Database& database, const std::string& table) {
    std::string values;
    SQLite::Statement columns(database, "SELECT name FROM pragma_table_info(?)");
    columns.bind(1, table);
    while (columns.executeStep()) {
        values += (values.empty() ? "quote(" : " || ', ' || quote(") +
                  columns.getColumn(0).getString() + ")";
    }
    std::string text;
    SQLite::Statement rows(database, "SELECT " + values + " FROM " + table);
    while (rows.executeStep()) {
        text += "INSERT INTO " + table + " VALUES (" + rows.getColumn(0).getString() + ");\n";
    }
    return text;
}

std::string pragma(SQLite::Database& database, const std::string& name) {
    return "PRAGMA " + name + " = " + database.execAndGet("PRAGMA " + name).getString() + ";\n";
}

std::string to_sql(const std::filesystem::path& file) {
    SQLite::Database database(file.string());
    std::string text = "-- SPDX-License-Identifier: Apache-2.0\n";
    std::string rows;
    SQLite::Statement made(
        database,
        "SELECT type = 'table', name, sql FROM sqlite_schema "
        "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
    );
    while (made.executeStep()) {
        text += made.getColumn(2).getString() + ";\n";
        if (made.getColumn(0).getInt() == 1) {
            rows += insertions(database, made.getColumn(1).getString());
        }
    }
    return text + rows + pragma(database, "application_id") + pragma(database, "user_version");
}

std::string to_json(Stage& stage) {
    Value objects = Value::list();
    for (const auto kind : frozen_kinds) {
        for (auto& object : run(list_all(stage.cluster, kind))) {
            objects.make_array().push_back(std::move(object));
        }
    }
    return documents::write_json_indented(objects) + "\n";
}

engine::RunResult run_rollout(Stage& stage, Store& store, FaultPlan& faults) {
    FaultyStore journal(store, faults);
    engine::RunOptions options;
    options.initiator = "ada@laptop";
    const auto ports = stage.ports_to(stage.cluster, journal, stage.runners);
    return run(engine::start(ports, stage.draft(StrategyKind::canary, "v2").plan, options));
}

/// Which write of the journal is the intent that is to be the last one.
int last_write() {
    Stage stage;
    FaultPlan none;
    run_rollout(stage, stage.store, none);
    std::istringstream calls(none.trace_text());
    int writes = 0;
    int intents = 0;
    for (std::string call; intents < intents_before_the_loss && std::getline(calls, call);) {
        const bool is_append = call.find(" append ") != std::string::npos;
        writes += is_append || call.ends_with(" begin") ? 1 : 0;
        intents += call.ends_with("append effect.intent") ? 1 : 0;
    }
    return writes;
}

}  // namespace

Frozen freeze_rollout() {
    const TempFolder folder;
    Stage stage;
    state::SqliteStore store({folder / "state.db"}, stage.clock);
    FaultPlan faults;
    faults.at_write(last_write(), Fault::crash_after);
    try {
        run_rollout(stage, store, faults);
    } catch (const SimulatedCrash&) {
        return {to_sql(folder / "state.db"), to_json(stage)};
    }
    throw std::logic_error("the rollout came to its end");
}

Frozen read_frozen(int schema) {
    return {
        read_text(place_of(schema, "journal.sql")), read_text(place_of(schema, "cluster.json"))
    };
}

bool is_frozen(int schema) {
    return std::filesystem::exists(place_of(schema, "journal.sql")) &&
           std::filesystem::exists(place_of(schema, "cluster.json"));
}

void keep_frozen(int schema, const Frozen& frozen) {
    write_text(place_of(schema, "journal.sql"), frozen.journal);
    write_text(place_of(schema, "cluster.json"), frozen.cluster);
}

void thaw_journal(const Frozen& frozen, const std::filesystem::path& file) {
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("BEGIN; " + frozen.journal + "COMMIT");
}

void thaw_cluster(const Frozen& frozen, Stage& stage) {
    stage.cluster.erase(in_shop(Kind::deployment, "web"));
    stage.cluster.erase(in_shop(Kind::service, "web"));
    const auto objects = documents::read_json(frozen.cluster);
    for (const auto& object : objects.items()) {
        stage.cluster.add(object);
        for (const auto kind : frozen_kinds) {
            if (object.text("/kind") == info(kind).name) {
                stage.cluster.edit(in_shop(kind, object.text("/metadata/name")), [&](Value& made) {
                    made.set("/metadata/uid", object.at("/metadata/uid"));
                });
            }
        }
    }
    stage.cluster.settle().settle();
    stage.clock.advance(std::chrono::hours(1));
    stage.ids = SerialIds(0xf);  // other ones than those of the runner that was lost
    stage.replace_runner();
}

}  // namespace deployctl::tests
