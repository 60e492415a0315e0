// SPDX-License-Identifier: Apache-2.0
#include "cli/backups.hpp"

#include "cli/deploy_file.hpp"
#include "cli/output/style.hpp"
#include "cli/targeting.hpp"
#include "model/environments.hpp"
#include "model/error.hpp"
#include "model/filled_backup.hpp"
#include "model/text.hpp"
#include "plugins/backup/large_file.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ostream>

namespace deployctl::cli {

namespace {

using plugins::backup::Artefact;
using plugins::backup::Listed;

constexpr std::size_t shortest_prefix = 6;

Database make_database(
    const Configuration& configuration, const Environment& environment, const std::string& name
) {
    Database database;
    database.scope = {configuration.app.name, environment.name, name};
    const Placeholders names{
        {"app", configuration.app.name},
        {"env", environment.name},
        {"namespace", environment.kube_namespace},
        {"version", ""},
    };
    const auto& backup = configuration.backup;
    database.settings = filled_in(backup.databases.at(name), backup.dir, names);
    database.variables = {{"DEPLOYCTL_NAMESPACE", environment.kube_namespace}};
    return database;
}

std::string names_of(const std::vector<Database>& databases) {
    std::vector<std::string> names;
    for (const auto& database : databases) {
        names.push_back(database.name());
    }
    return join(names, ", ");
}

bool is_meant(const Artefact& artefact, const std::string& reference) {
    const bool is_prefix =
        reference.size() >= shortest_prefix && artefact.id.starts_with(reference);
    return is_prefix || artefact.file == reference;
}

}  // namespace

std::vector<Listed> Database::backups() const {
    return plugins::backup::of_scope(folder().list(), scope);
}

std::vector<Database> databases_of(
    const Configuration& configuration, const Environment& environment
) {
    std::vector<Database> databases;
    for (const auto& [name, settings] : configuration.backup.databases) {
        if (holds_in(settings.environments, environment.name)) {
            databases.push_back(make_database(configuration, environment, name));
        }
    }
    return databases;
}

std::vector<Database> chosen_databases(const Place& place, const std::string& name) {
    const auto configuration = need_deploy_file(place);
    const auto environment = choose_environment(configuration, place);
    auto databases = databases_of(configuration, environment);
    if (databases.empty()) {
        throw Error(
            ExitCode::usage,
            "no database of environment `" + environment.name + "` is configured",
            "deployctl config explain backup.databases"
        );
    }
    if (name.empty()) {
        return databases;
    }
    const auto known = names_of(databases);
    std::erase_if(databases, [&name](const Database& one) { return one.name() != name; });
    if (databases.empty()) {
        throw Error(
            ExitCode::usage,
            "no database `" + name + "` is configured for environment `" + environment.name + "`",
            "known: " + known
        );
    }
    return databases;
}

Database chosen_database(const Place& place, const std::string& name) {
    const auto databases = chosen_databases(place, name);
    if (databases.size() > 1) {
        throw Error(ExitCode::usage, "which database? There are several", names_of(databases));
    }
    return databases.front();
}

Artefact chosen_backup(const Database& database, const std::string& reference) {
    const auto backups = database.backups();
    const auto* const how_to_see = "`deployctl backup list` shows what there is";
    if (reference.empty()) {
        const auto* newest = plugins::backup::newest_good(backups);
        if (newest == nullptr) {
            throw Error(
                ExitCode::blocked,
                "there is no good backup of " + database.name() + " in " + database.settings.dir,
                "`deployctl backup run " + database.name() + "` makes one"
            );
        }
        return newest->artefact;
    }
    std::vector<Artefact> found;
    for (const auto& one : backups) {
        if (is_meant(one.artefact, reference)) {
            found.push_back(one.artefact);
        }
    }
    if (found.size() != 1) {
        throw Error(
            ExitCode::usage,
            (found.empty() ? "there is no backup " : "there are several backups ") + reference +
                " of " + database.name(),
            how_to_see
        );
    }
    return found.front();
}

std::vector<std::string> short_ids(const std::vector<Listed>& backups) {
    std::vector<std::string> texts;
    for (const auto& one : backups) {
        const auto& id = one.artefact.id;
        auto size = shortest_prefix;
        const auto is_shared = [&](const Listed& other) {
            return other.artefact.id != id && other.artefact.id.starts_with(id.substr(0, size));
        };
        while (size < id.size() && std::ranges::any_of(backups, is_shared)) {
            ++size;
        }
        texts.push_back(id.substr(0, size));
    }
    return texts;
}

std::string to_text(const plugins::backup::Unreadable& unreadable) {
    return unreadable.manifest + " cannot be read (" + unreadable.why +
           "); its artefact is not counted";
}

void warn_of_unreadable(const Session& session, const Database& database) {
    for (const auto& one : database.unreadable()) {
        session.terminal.err << sign(session.terminal.err_style, Sign::attention) << " "
                             << printable(to_text(one)) << "\n"
                             << std::flush;
    }
}

Freshness freshness_of(const Database& database, WallTime now) {
    Freshness freshness;
    freshness.max_age = database.settings.max_age;
    const auto backups = database.backups();
    if (const auto* newest = plugins::backup::newest_good(backups)) {
        freshness.age = std::max(now - newest->artefact.making.started, Duration::zero());
    }
    return freshness;
}

std::string to_text(const Freshness& freshness) {
    const auto limit =
        freshness.max_age ? " (max_age " + deployctl::to_text(*freshness.max_age) + ")" : "";
    if (!freshness.age) {
        return "it has no good backup" + limit;
    }
    return "its newest good backup is " + to_short_text(*freshness.age) + " old" + limit;
}

std::vector<std::string> object_to_age(
    Parts& parts, const Configuration& configuration, const engine::PlanDraft& draft
) {
    std::vector<std::string> objections;
    const auto environment = configuration.environments.find(draft.plan.target.environment);
    if (draft.is_no_change || environment == configuration.environments.end()) {
        return objections;
    }
    const auto now = parts.clock().now();
    for (const auto& database : databases_of(configuration, environment->second)) {
        const auto& settings = database.settings;
        if (!settings.max_age || settings.when != BackupWhen::never) {
            continue;
        }
        if (const auto why = database.folder().trouble(); !why.empty()) {
            objections.push_back("database " + database.name() + ": " + why);
            continue;
        }
        const auto freshness = freshness_of(database, now);
        if (freshness.is_stale()) {
            objections.push_back(
                "database " + database.name() + ": " + to_text(freshness) +
                "; `deployctl backup run " + database.name() + "` makes one"
            );
        }
    }
    return objections;
}

std::int64_t size_of(const Artefact& artefact) {
    const auto& made = artefact.making;
    return made.held.bytes > 0 ? made.held.bytes : made.bytes;
}

std::string read_key(const std::string& path) {
    constexpr std::size_t most_bytes = 1UL << 20U;
    if (path.empty()) {
        return "";
    }
    std::string failure;
    auto key = plugins::backup::read_small_file(path, most_bytes, failure);
    if (!failure.empty()) {
        throw Error(ExitCode::usage, "the key: " + failure);
    }
    return key;
}

std::string bytes_text(std::int64_t bytes) {
    constexpr std::array<const char*, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
    auto size = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; size >= 1024 && unit + 1 < units.size(); ++unit) {
        size /= 1024;
    }
    std::array<char, 32> text{};
    std::snprintf(
        text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", size, units.at(unit)
    );
    return text.data();
}

}  // namespace deployctl::cli
