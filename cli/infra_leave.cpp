// SPDX-License-Identifier: Apache-2.0
#include "cli/infra_leave.hpp"

#include "cli/environment_facts.hpp"
#include "cli/finding.hpp"
#include "cli/locating.hpp"
#include "cli/targeting.hpp"
#include "cli/turn.hpp"
#include "engine/disaster.hpp"
#include "ports/printed.hpp"

#include <ostream>

namespace deployctl::cli {

namespace {

[[noreturn]] void refuse_beside(const std::string& rollout) {
    throw Error(
        ExitCode::locked,
        "not applied beside " + printable(rollout) + ", which is active",
        turn_help
    );
}

/// Of this journal, in this environment.
std::string standing_rollout(Session& session, const Target& target) {
    RolloutFilter filter;
    filter.which = RolloutFilter::Which::active;
    filter.app = target.app;
    filter.environment = target.environment;
    std::string standing;
    for (const auto& rollout : wait_for(session.parts, session.parts.journal().list(filter))) {
        const auto text = "rollout " + describe(rollout, Style{});
        if (!stands_still(rollout.state)) {
            refuse_beside(text);
        }
        standing = text;
    }
    return standing;
}

/// Of other machines, as the Lease on the cluster names it.
void need_no_rollout_elsewhere(Session& session) {
    const auto located = locate(session);
    const TurnOrder order{located.target, located.cluster};
    auto& parts = session.parts;
    const auto active = wait_for(parts, active_rollout(&parts, &order));
    const auto known =
        active.id.empty() ? std::nullopt : wait_for(parts, parts.journal().find(active.id));
    if (!active.text.empty() && !(known && stands_still(known->state))) {
        refuse_beside(active.text);
    }
}

}  // namespace

std::string need_quiet_environment(Session& session, const InfraScene& scene) {
    const auto& target = scene.place.target;
    const auto standing = standing_rollout(session, target);
    const auto environment = choose_environment(scene.configuration, session.globals.place);
    const auto facts = facts_of(session, scene.configuration, environment, FactSource::cluster);
    if (const auto lock = facts.text("/locked"); !lock.empty()) {
        throw Error(
            ExitCode::blocked,
            "environment " + target.environment + " is locked by " + printable(lock),
            "`deployctl env unlock ENV --reason TEXT` takes it away"
        );
    }
    const auto trouble = facts.text("/trouble");
    if (trouble.empty()) {
        need_no_rollout_elsewhere(session);
    } else {
        session.terminal.err << "its cluster does not say whether the environment is locked, or a "
                                "rollout active there; what this journal knows counts: "
                             << printable(one_line(trouble)) << "\n";
    }
    return standing.empty() ? "" : standing + " stands still, and has planned without this";
}

void need_approver(
    Session& session,
    const InfraScene& scene,
    const std::string& stack,
    const std::vector<std::string>& destroys
) {
    const auto& settings = scene.configuration.infra.stacks.at(stack);
    const auto approval = scene.configuration.approvals.find(settings.approval);
    if (destroys.empty() || settings.allow_destroy ||
        approval == scene.configuration.approvals.end()) {
        return;
    }
    const auto self = session.parts.runners().self().identity;
    auto objection = engine::object_to(approval->second, self, self);
    if (objection.empty() && approval->second.count > 1) {
        objection = "it takes " + std::to_string(approval->second.count) + " people";
    }
    if (!objection.empty()) {
        throw Error(
            ExitCode::blocked,
            "stack " + stack + " would destroy or replace " + first_few(destroys, ", ") +
                ", which needs approval " + settings.approval + ": " + objection,
            "a rollout asks for it: `apply: before_traffic` in `infra.stacks." + stack + "`"
        );
    }
}

}  // namespace deployctl::cli
