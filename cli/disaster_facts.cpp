// SPDX-License-Identifier: Apache-2.0
#include "cli/disaster_facts.hpp"

#include "cli/deploy_file.hpp"
#include "cli/environment_standing.hpp"
#include "cli/output/style.hpp"

#include <sstream>
#include <utility>

namespace deployctl::cli {

namespace {

std::optional<Operation> find_backup(
    Session& session, const std::string& app, const std::string& environment, const std::string& of
) {
    OperationFilter filter;
    filter.kind = "backup.run";
    filter.app = app;
    filter.environment = environment;
    filter.subject = of;
    for (auto& one : wait_for(session.parts, session.parts.operations().operations(filter))) {
        if (one.state == OperationState::done) {
            return std::move(one);
        }
    }
    return std::nullopt;
}

/// As old as its begin: what was written after it may not be in it.
engine::LastBackup last_backup(const Operation& made) {
    return {made.result.text("/id", made.id), made.result.text("/path"), made.started};
}

}  // namespace

engine::DisasterDraft draft_disaster(
    Session& session,
    const Configuration& configuration,
    engine::Exercise exercise,
    const std::string& tag
) {
    const auto settings = configuration.disaster.value_or(DisasterSettings());
    const bool is_back = exercise == engine::Exercise::failback;
    const auto from = is_back ? settings.standby : settings.primary;
    const auto& app = configuration.app.name;
    engine::DisasterFacts facts;
    facts.version = tag;
    if (tag.empty()) {
        const auto standing = promoted_in(session, app, from);
        if (!standing.empty()) {
            facts.version = standing.front().next_version;
            facts.digest = standing.front().digest;
        }
    }
    const auto backup = settings.database.empty()
                            ? std::nullopt
                            : find_backup(session, app, from, settings.database);
    if (backup) {
        facts.backup = last_backup(*backup);
    }
    auto draft = engine::plan_disaster(configuration, exercise, facts);
    if (backup && backup->result.flag("/sealed")) {
        draft.warnings.push_back(
            "the backup " + facts.backup->artifact +
            " is sealed: the restore program gets it as it is, and needs the key"
        );
    }
    return draft;
}

std::string app_of(const Session& session) {
    const auto& place = session.globals.place;
    const auto configuration = read_deploy_file(place);
    return place.app.empty() && configuration ? configuration->app.name : place.app;
}

std::string printable_lines(const std::string& text) {
    std::string clean;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        clean += printable(line) + "\n";
    }
    return clean;
}

}  // namespace deployctl::cli
