// SPDX-License-Identifier: Apache-2.0
#include "cli/disaster_backup.hpp"

#include "cli/backups.hpp"
#include "plugins/backup/verifying.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::cli {

namespace {

using plugins::backup::Artefact;
using plugins::backup::Listed;
using plugins::backup::Proof;

std::optional<Database> find_database(
    const Configuration& configuration, const BackupPlace& place
) {
    const auto environment = configuration.environments.find(place.environment);
    if (environment == configuration.environments.end()) {
        return std::nullopt;
    }
    for (auto& one : databases_of(configuration, environment->second)) {
        if (one.name() == place.database) {
            return std::move(one);
        }
    }
    return std::nullopt;
}

Task<std::string> look_through(Artefact artefact, std::string folder) {
    auto damage = co_await plugins::backup::damage_of(artefact, folder);
    co_return damage;
}

}  // namespace

std::optional<FoundBackup> find_last_backup(
    const Configuration& configuration, const BackupPlace& place
) {
    const auto database = find_database(configuration, place);
    if (!database) {
        return std::nullopt;
    }
    const auto backups = database->backups();
    const auto* newest = plugins::backup::newest_good(backups);
    if (newest == nullptr) {
        return std::nullopt;
    }
    const auto& artefact = newest->artefact;
    // As old as its begin: what was written after it may not be in it.
    return FoundBackup{
        {artefact.id, database->folder().path_of(artefact.file), artefact.making.started},
        artefact.making.seal,
    };
}

std::string trouble_with_backup(
    Session& session,
    const Configuration& configuration,
    const BackupPlace& place,
    const engine::LastBackup& backup
) {
    const auto name = "the backup " + backup.artifact;
    const auto database = find_database(configuration, place);
    if (!database) {
        return "database " + place.database + " of " + place.environment +
               " is not in deploy.yaml any more";
    }
    const auto backups = database->backups();
    const auto found = std::ranges::find_if(backups, [&backup](const Listed& one) {
        return one.artefact.id == backup.id;
    });
    if (found == backups.end()) {
        return name + " is gone: its manifest is not there any more";
    }
    const auto& verified = found->artefact.verified;
    if (verified && verified->result == Proof::failed) {
        return name + " was disproved: " + verified->detail;
    }
    const auto damage =
        wait_for(session.parts, look_through(found->artefact, database->settings.dir));
    return damage.empty() ? "" : name + " is damaged: " + damage;
}

}  // namespace deployctl::cli
