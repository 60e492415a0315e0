// SPDX-License-Identifier: Apache-2.0
// SQL with its values bound in order: the only way that values get into SQL. Inside state/ only,
// one thread.
#pragma once

#include "model/time.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <optional>
#include <string>

namespace deployctl::state {

inline std::int64_t to_microseconds(WallTime at) {
    return at.time_since_epoch().count();
}

inline WallTime to_wall_time(std::int64_t since_epoch) {
    return WallTime(microseconds(since_epoch));
}

inline void bind(SQLite::Statement& statement, int place, const std::string& text) {
    statement.bind(place, text);
}

inline void bind(SQLite::Statement& statement, int place, const char* text) {
    statement.bind(place, text);
}

inline void bind(SQLite::Statement& statement, int place, int number) {
    statement.bind(place, number);
}

inline void bind(SQLite::Statement& statement, int place, std::int64_t number) {
    statement.bind(place, number);
}

inline void bind(SQLite::Statement& statement, int place, WallTime at) {
    statement.bind(place, to_microseconds(at));
}

inline void bind(SQLite::Statement& statement, int place, Duration span) {
    statement.bind(place, std::int64_t{span.count()});
}

template <class T>
void bind(SQLite::Statement& statement, int place, const std::optional<T>& value) {
    if (value) {
        bind(statement, place, *value);
    } else {
        statement.bind(place);
    }
}

template <class... Values>
SQLite::Statement prepare(
    SQLite::Database& database, const std::string& sql, const Values&... values
) {
    SQLite::Statement statement(database, sql);
    int place = 0;
    (bind(statement, ++place, values), ...);
    return statement;
}

/// How many rows it changed.
template <class... Values>
int execute(SQLite::Database& database, const std::string& sql, const Values&... values) {
    return prepare(database, sql, values...).exec();
}

}  // namespace deployctl::state
