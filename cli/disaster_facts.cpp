// SPDX-License-Identifier: Apache-2.0
#include "cli/disaster_facts.hpp"

#include "cli/deploy_file.hpp"
#include "cli/environment_standing.hpp"
#include "cli/output/style.hpp"

#include <sstream>

namespace deployctl::cli {

namespace {

std::optional<engine::LastBackup> find_backup(
    Session& session, const std::string& app, const std::string& environment, const std::string& of
) {
    OperationFilter filter;
    filter.kind = "backup.run";
    filter.app = app;
    filter.environment = environment;
    filter.subject = of;
    for (const auto& one : wait_for(session.parts, session.parts.operations().operations(filter))) {
        if (one.state == OperationState::done) {
            return engine::LastBackup{
                one.result.text("/id", one.id),
                one.result.text("/path"),
                one.started,  // what came after its begin may not be in it
            };
        }
    }
    return std::nullopt;
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
    if (!settings.database.empty()) {
        facts.backup = find_backup(session, app, from, settings.database);
    }
    return engine::plan_disaster(configuration, exercise, facts);
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
