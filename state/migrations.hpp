// SPDX-License-Identifier: Apache-2.0
// The numbered steps from an empty file to the schema of this program: forward only, one
// transaction each, their digests recorded. A newer file, or one of another program, is refused
// before anything is written.
#pragma once

#include "model/time.hpp"
#include "state/connection.hpp"

#include <span>
#include <string_view>

namespace deployctl::state {

struct Migration {
    std::string_view name;  ///< "0001_initial"; its place in the list is its number
    std::string_view sql;
};

/// Those compiled in from state/schema.
std::span<const Migration> all_migrations();
std::string_view program_version();

/// Throws Error{state_unreadable}; writes nothing.
void refuse_foreign(Connection& connection, std::span<const Migration> known);
bool is_outdated(Connection& connection, std::span<const Migration> known);
/// Leaves a copy of a file that has a schema already, as `<file>.schema-<number>`.
void migrate(Connection& connection, std::span<const Migration> known, WallTime now);

}  // namespace deployctl::state
