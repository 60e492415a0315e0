// SPDX-License-Identifier: Apache-2.0
#include "tests/state/aftermath.hpp"

#include "state/maintenance.hpp"
#include "state/sqlite_store.hpp"
#include "tests/state/fixture.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace deployctl::tests {

namespace {

namespace fs = std::filesystem;

/// As whoever comes next does it; empty where the store takes the file.
std::string fault_at_opening(const fs::path& file) {
    StillClock clock;
    return message_of([&] {
        state::SqliteStore({file, state::Access::read_write, milliseconds(1)}, clock);
    });
}

std::string fault_inside(SQLite::Database& database) {
    const auto found = database.execAndGet("PRAGMA integrity_check").getString();
    if (found != std::string("ok")) {
        return "damaged: " + found;
    }
    SQLite::Statement stray(database, "PRAGMA foreign_key_check");
    return stray.executeStep() ? "a row without the one it belongs to" : "";
}

std::string lost(SQLite::Database& database, const std::string& table, int promised) {
    const int found = database.execAndGet("SELECT count(*) FROM " + table).getInt();
    return found >= promised ? ""
                             : "lost: " + std::to_string(promised) + " " + table +
                                   " were acknowledged, there are " + std::to_string(found);
}

std::string first_of(std::initializer_list<std::string> faults) {
    for (const auto& fault : faults) {
        if (!fault.empty()) {
            return fault;
        }
    }
    return "";
}

std::string fault_after_opening(const fs::path& file, const Promise& promised) {
    SQLite::Database database(file.string(), SQLite::OPEN_READONLY);
    const auto chain = state::verify_chain(file, 1'000'000);
    return first_of({
        fault_inside(database),
        chain.faults.empty() ? "" : chain.faults.front(),
        lost(database, "rollouts", promised.rollouts),
        lost(database, "events", promised.events),
        lost(database, "requests", promised.requests),
    });
}

}  // namespace

DiskFiles read_files(const fs::path& folder) {
    DiskFiles files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        files[entry.path().filename()] = read_text(entry.path());
    }
    return files;
}

void write_files(const fs::path& folder, const DiskFiles& files) {
    fs::remove_all(folder);
    fs::create_directory(folder);
    for (const auto& [name, bytes] : files) {
        write_text(folder / name, bytes);
    }
}

DiskFiles fresh_files() {
    return {{"state.db", ""}, {"state.db.ballast", ""}};
}

std::string fault_in(const fs::path& folder, const Promise& promised) {
    const auto file = folder / "state.db";
    if (const auto fault = fault_at_opening(file); !fault.empty()) {
        return fault;
    }
    try {
        return fault_after_opening(file, promised);
    } catch (const std::exception& error) {
        return std::string("damaged: ") + error.what();
    }
}

}  // namespace deployctl::tests
