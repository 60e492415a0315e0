// SPDX-License-Identifier: Apache-2.0
// The backup that a failover restores: as the folder has it, not as a journal remembers it.
// Engine's thread. Throws Error{blocked} where the folder cannot be looked through.
#pragma once

#include "cli/session.hpp"
#include "engine/disaster.hpp"
#include "plugins/backup/artefact.hpp"

#include <optional>
#include <string>

namespace deployctl::cli {

struct BackupPlace {
    std::string environment;
    std::string database;
};

struct FoundBackup {
    engine::LastBackup last;
    plugins::backup::Seal seal{};
};

/// The newest good one, whoever made it; nothing where there is none.
std::optional<FoundBackup> find_last_backup(
    const Configuration& configuration, const BackupPlace& place
);
/// Why it must not be restored: gone, changed or disproved since it was chosen. Reads the whole
/// file. Empty: nothing is wrong with it.
std::string trouble_with_backup(
    Session& session,
    const Configuration& configuration,
    const BackupPlace& place,
    const engine::LastBackup& backup
);

}  // namespace deployctl::cli
