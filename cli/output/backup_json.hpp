// SPDX-License-Identifier: Apache-2.0
// Backups as data for `-o json`: no field is ever left out, null where it has no value.
#pragma once

#include "cli/backups.hpp"
#include "plugins/backup/retention.hpp"

namespace deployctl::cli {

/// What its manifest says, where it lies and how it is.
Value to_value(
    const plugins::backup::Listed& listed,
    const Database& database,
    const std::string& short_id,
    WallTime now
);
Value to_value(const plugins::backup::Judged& judged, const Database& database);
Value to_value(const Freshness& freshness, const Database& database);

/// Its manifests that tell nothing, a list; read from its folder.
Value unreadable_value(const Database& database);

}  // namespace deployctl::cli
