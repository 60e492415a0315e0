// SPDX-License-Identifier: Apache-2.0
// The databases of an environment as the verbs of `backup` work on them, and the backups that lie
// there. What a person named wrongly is Error{usage}. Engine's thread.
#pragma once

#include "cli/session.hpp"
#include "engine/planning.hpp"
#include "model/settings.hpp"
#include "plugins/backup/artefact_folder.hpp"
#include "plugins/backup/verifying.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::cli {

struct Database {
    plugins::backup::Scope scope;
    DatabaseSettings settings;  ///< placeholders but those of an artefact filled in
    std::map<std::string, std::string> variables;  ///< of its programs

    const std::string& name() const { return scope.database; }

    plugins::backup::ArtefactFolder folder() const {
        return plugins::backup::ArtefactFolder(settings.dir);
    }

    /// The newest first.
    std::vector<plugins::backup::Listed> backups() const;

    std::vector<plugins::backup::Unreadable> unreadable() const {
        return folder().unreadable(scope);
    }
};

/// Those that are backed up in this environment, in the order of their names.
std::vector<Database> databases_of(
    const Configuration& configuration, const Environment& environment
);
/// The same of what the flags say; only the one named, where one is.
std::vector<Database> chosen_databases(const Place& place, const std::string& name);
/// The one named, or the only one.
Database chosen_database(const Place& place, const std::string& name);

/// By its id, how that begins (at least 6), or its file; empty: the newest good one.
plugins::backup::Artefact chosen_backup(const Database& database, const std::string& reference);
/// The shortest beginnings that tell them apart.
std::vector<std::string> short_ids(const std::vector<plugins::backup::Listed>& backups);

/// "X.manifest.json cannot be read (why); its artefact is not counted"
std::string to_text(const plugins::backup::Unreadable& unreadable);
/// The same on standard error, one a line, before one of the others is chosen.
void warn_of_unreadable(const Session& session, const Database& database);

/// How old the last good one is, and whether that is too old.
struct Freshness {
    std::optional<Duration> age;  ///< nothing: there is none
    std::optional<Duration> max_age;

    bool is_stale() const { return max_age && (!age || *age > *max_age); }
};

Freshness freshness_of(const Database& database, WallTime now);
/// "its newest good backup is 26h old (max_age 24h)"
std::string to_text(const Freshness& freshness);
/// What forbids a rollout: a backup that is too old, of a database that it does not back up itself.
std::vector<std::string> object_to_age(
    Parts& parts, const Configuration& configuration, const engine::PlanDraft& draft
);

/// How much of it there is: of the file, or of what it is the record of.
std::int64_t size_of(const plugins::backup::Artefact& artefact);
/// The private key in the file; empty where none is named.
std::string read_key(const std::string& path);
/// "4.1 GiB"
std::string bytes_text(std::int64_t bytes);

}  // namespace deployctl::cli
