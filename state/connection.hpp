// SPDX-License-Identifier: Apache-2.0
// One open journal: the SQLite handle with the settings of ADR 4, checked, migrated, and the file
// it came from. Owned by a store; one thread at a time. Opening throws Error{state_unreadable} and
// then has changed nothing.
#pragma once

#include "model/time.hpp"
#include "state/sqlite_store.hpp"

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <memory>

namespace deployctl::state {

class Connection {
public:
    Connection(std::filesystem::path file, Duration patience);

    SQLite::Database& database() { return database_; }

    const std::filesystem::path& file() const { return file_; }

private:
    std::filesystem::path file_;
    SQLite::Database database_;
};

/// Ready for use; null where it is opened for reading and nothing was written there yet.
std::unique_ptr<Connection> open_journal(const SqliteOptions& options, WallTime now);

}  // namespace deployctl::state
