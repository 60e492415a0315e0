// SPDX-License-Identifier: Apache-2.0
#include "state/snapshot.hpp"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

namespace deployctl::state {

SQLite::Database take_snapshot(Connection& connection) {
    // A database without a name: SQLite keeps a small one in memory, and a large one in a file
    // (0600) in the folder for temporary files, which it unlinks at once.
    SQLite::Database snapshot("", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    SQLite::Backup copying(snapshot, connection.database());
    const int code = copying.executeStep();
    if (code != SQLITE_DONE) {
        throw SQLite::Exception(connection.database().getHandle(), code);
    }
    return snapshot;
}

}  // namespace deployctl::state
