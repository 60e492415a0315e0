// SPDX-License-Identifier: Apache-2.0
#include "state/migrations.hpp"

#include "documents/json.hpp"
#include "state/failure.hpp"
#include "state/maintenance.hpp"
#include "state/statement.hpp"
#include "state/transaction.hpp"

namespace deployctl::state {

namespace {

constexpr int application_id = 0x64706C79;  // "dply"

int schema_of(Connection& connection) {
    return connection.database().execAndGet("PRAGMA user_version").getInt();
}

void refuse_changed(Connection& connection, std::span<const Migration> known) {
    auto rows =
        prepare(connection.database(), "SELECT version, name, sha256 FROM schema_migrations");
    while (rows.executeStep()) {
        const auto version = static_cast<std::size_t>(rows.getColumn(0).getInt());
        const bool is_same =
            version >= 1 && version <= known.size() &&
            documents::sha256_hex(known[version - 1].sql) == rows.getColumn(2).getString();
        if (!is_same) {
            throw changed_schema(connection.file(), rows.getColumn(1).getString());
        }
    }
}

void apply(Connection& connection, int version, const Migration& migration, WallTime now) {
    write(connection, [&] {
        if (schema_of(connection) >= version) {
            return;  // another process was faster
        }
        auto& database = connection.database();
        database.exec(std::string(migration.sql));
        execute(
            database,
            "INSERT INTO schema_migrations (version, name, sha256, applied_at, binary) VALUES (?, "
            "?, ?, ?, ?)",
            version,
            std::string(migration.name),
            documents::sha256_hex(migration.sql),
            now,
            std::string(program_version())
        );
        database.exec("PRAGMA application_id = " + std::to_string(application_id));
        database.exec("PRAGMA user_version = " + std::to_string(version));
    });
}

/// Of several processes that begin at the same time the first copy stays: it got its name before
/// its maker changed anything, so it shows this schema.
void keep_copy(Connection& connection, int schema) {
    const std::filesystem::path copy =
        connection.file().string() + ".schema-" + std::to_string(schema);
    if (!std::filesystem::exists(copy)) {
        static_cast<void>(copy_journal(connection, copy));
    }
}

}  // namespace

void refuse_foreign(Connection& connection, std::span<const Migration> known) {
    auto& database = connection.database();
    const int owner = database.execAndGet("PRAGMA application_id").getInt();
    const int schema = schema_of(connection);
    const int tables = database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt();
    const bool is_fresh = owner == 0 && schema == 0 && tables == 0;
    if (!is_fresh && owner != application_id) {
        throw foreign_database(connection.file());
    }
    if (schema > static_cast<int>(known.size())) {
        throw newer_schema(connection.file(), schema, static_cast<int>(known.size()));
    }
    if (schema > 0) {
        refuse_changed(connection, known);
    }
}

bool is_outdated(Connection& connection, std::span<const Migration> known) {
    return schema_of(connection) < static_cast<int>(known.size());
}

void migrate(Connection& connection, std::span<const Migration> known, WallTime now) {
    const int present = schema_of(connection);
    if (present > 0 && is_outdated(connection, known)) {
        keep_copy(connection, present);
    }
    for (auto number = static_cast<std::size_t>(present); number < known.size(); ++number) {
        apply(connection, static_cast<int>(number) + 1, known[number], now);
    }
}

}  // namespace deployctl::state
