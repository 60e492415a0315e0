// SPDX-License-Identifier: Apache-2.0
#include "state/connection.hpp"

#include "state/failure.hpp"
#include "state/file_system.hpp"
#include "state/migrations.hpp"
#include "state/transaction.hpp"

#include <sqlite3.h>

#include <system_error>

namespace deployctl::state {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t quick_check_bytes_max = 64ULL * 1024 * 1024;

bool is_nonempty_file(const fs::path& file) {
    std::error_code missing;
    const auto size = fs::file_size(file, missing);
    return !missing && size > 0;
}

int to_milliseconds(Duration duration) {
    return static_cast<int>(std::chrono::duration_cast<milliseconds>(duration).count());
}

/// Where there is something that cannot hold a journal, nobody may take it for an empty one.
void refuse_no_file(const fs::path& file) {
    std::error_code failure;
    const auto status = fs::status(file, failure);
    if (status.type() == fs::file_type::not_found || fs::is_regular_file(status)) {
        return;
    }
    if (failure) {
        throw not_readable(file, failure.message());
    }
    throw fs::is_directory(status) ? is_folder(file) : is_device(file);
}

/// SQLite takes what is shorter than its header for an empty database, and would write over it.
void refuse_fragment(const fs::path& file) {
    constexpr std::uintmax_t header_bytes = 100;
    std::error_code missing;
    const auto size = fs::file_size(file, missing);
    if (!missing && size > 0 && size < header_bytes) {
        throw sqlite_failure(file, SQLITE_NOTADB, "");
    }
}

/// A big file is checked where a writer was cut off, and by `doctor`; a small one always.
bool deserves_check(const fs::path& file) {
    std::error_code missing;
    return fs::file_size(file, missing) <= quick_check_bytes_max ||
           is_nonempty_file(file.string() + "-journal");
}

void check(Connection& connection) {
    const std::string found = connection.database().execAndGet("PRAGMA quick_check(1)").getString();
    if (found != std::string_view("ok")) {
        throw damaged(connection.file(), found);
    }
}

void choose_settings(Connection& connection) {
    auto& database = connection.database();
    database.exec("PRAGMA trusted_schema = OFF");
    database.exec("PRAGMA foreign_keys = ON");
    database.exec("PRAGMA mmap_size = 0");
    database.exec("PRAGMA temp_store = MEMORY");
    database.exec("PRAGMA synchronous = EXTRA");
    const std::string mode = database.execAndGet("PRAGMA journal_mode = TRUNCATE").getString();
    if (mode != std::string_view("truncate")) {
        throw sqlite_failure(connection.file(), SQLITE_BUSY, "journal mode " + mode);
    }
}

void open_for_writing(Connection& connection, bool checked, WallTime now) {
    auto& database = connection.database();
    if (sqlite3_db_readonly(database.getHandle(), "main") == 1) {
        throw not_writable(connection.file(), "no permission to write");
    }
    if (checked) {
        check(connection);
    }
    migrate(connection, all_migrations(), now);
    keep_ballast(connection.file());
}

}  // namespace

Connection::Connection(fs::path file, Duration patience)
    : file_(std::move(file)),
      // Also for reading: what a killed writer left half done has to be taken back before anybody
      // can read.
      database_(file_.string(), SQLite::OPEN_READWRITE, to_milliseconds(patience)) {}

std::unique_ptr<Connection> open_journal(const SqliteOptions& options, WallTime now) {
    const auto file = fs::absolute(options.file);
    const bool writes = options.access == Access::read_write;
    refuse_no_file(file);
    refuse_fragment(file);
    if (writes) {
        prepare_file(file);
    } else if (!is_nonempty_file(file)) {
        return nullptr;
    } else {
        refuse_network(file);
    }
    const bool checked = deserves_check(file);
    std::unique_ptr<Connection> connection;
    guarded(file, [&] {
        connection = std::make_unique<Connection>(file, options.patience);
        refuse_foreign(*connection, all_migrations());
        choose_settings(*connection);
        if (writes) {
            open_for_writing(*connection, checked, now);
            return;
        }
        if (is_outdated(*connection, all_migrations())) {
            migrate(*connection, all_migrations(), now);
        }
        connection->database().exec("PRAGMA query_only = ON");
    });
    return connection;
}

}  // namespace deployctl::state
