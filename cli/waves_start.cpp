// SPDX-License-Identifier: Apache-2.0
#include "cli/waves_start.hpp"

#include "cli/clusters.hpp"
#include "cli/deploy_file.hpp"
#include "cli/line_finding.hpp"
#include "cli/standings.hpp"
#include "promotion/waves.hpp"

namespace deployctl::cli {

std::optional<ExitCode> start_waves(Session& session, const LineChoices& choices, Mode mode) {
    const auto& place = session.globals.place;
    if (deploy_file(place).empty()) {
        return std::nullopt;
    }
    const auto configuration = need_deploy_file(place);
    if (!is_spread(configuration, place)) {
        return std::nullopt;
    }
    const auto& tag = choices.order.tag;
    std::optional<Operation> open;
    if (mode == Mode::for_real) {
        open =
            unfinished_line(session, promotion::LineKind::waves, configuration.app.name, choices);
    }
    const bool is_here = open && open->environment == place.environment;
    if (is_here && open->subject == tag) {
        return resume_line(session, *open, choices);
    }
    const auto& environment = configuration.environments.at(place.environment);
    const auto told = ask_registry(session, configuration.app, tag, "");
    const auto facts = find_facts(session, configuration, promotion::places_of(environment));
    auto draft = promotion::draw_waves(configuration, environment, {tag, told.digest}, facts);
    draft.line.strategy = choices.order.strategy;
    if (!told.trouble.empty()) {
        draft.refusals.push_back(told.trouble);
    }
    auto chosen = choices;
    if (is_here) {
        chosen.replaced = open;
    }
    return start_line(session, std::move(draft), chosen, mode);
}

}  // namespace deployctl::cli
