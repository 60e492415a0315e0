// SPDX-License-Identifier: Apache-2.0
#include "state/transaction.hpp"

#include "state/failure.hpp"
#include "state/file_system.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <cerrno>

namespace deployctl::state {

namespace {

class Transaction {
public:
    explicit Transaction(SQLite::Database& database) : database_(database) {
        database_.exec("BEGIN IMMEDIATE");
    }

    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    ~Transaction() {
        // Some errors have ended the transaction already; a rollback that fails is done by the next
        // opener.
        if (sqlite3_get_autocommit(database_.getHandle()) == 0) {
            sqlite3_exec(database_.getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);
        }
    }

    void commit() { database_.exec("COMMIT"); }

private:
    SQLite::Database& database_;
};

int code_of(const SQLite::Exception& failure) {
    const int extended = failure.getExtendedErrorCode();
    return extended > 0 ? extended : failure.getErrorCode();
}

void commit_once(Connection& connection, const std::function<void()>& work) {
    Transaction transaction(connection.database());
    work();
    transaction.commit();
}

bool disk_is_full(Connection& connection, const SQLite::Exception& failure) {
    const int kind = code_of(failure) & 0xff;
    const int cause = sqlite3_system_errno(connection.database().getHandle());
    return kind == SQLITE_FULL || ((kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN) &&
                                   (cause == ENOSPC || cause == EDQUOT));
}

}  // namespace

void guarded(const std::filesystem::path& file, const std::function<void()>& work) {
    try {
        work();
    } catch (const SQLite::Exception& failure) {
        // Said again in words that name the file and the way on.
        throw sqlite_failure(file, code_of(failure), failure.what());
    }
}

void write(Connection& connection, const std::function<void()>& work) {
    const auto attempt = [&] { commit_once(connection, work); };
    try {
        attempt();
        return;
    } catch (const SQLite::Exception& failure) {
        // The ballast was kept for this: with it gone the same work is tried once more below.
        const bool full = disk_is_full(connection, failure);
        if (!full || give_up_ballast(connection.file()) == Ballast::none_left) {
            throw sqlite_failure(
                connection.file(), full ? SQLITE_FULL : code_of(failure), failure.what()
            );
        }
    }
    guarded(connection.file(), attempt);
}

}  // namespace deployctl::state
