// SPDX-License-Identifier: Apache-2.0
#include "cli/heal_hindrance.hpp"

#include "cli/turn.hpp"
#include "engine/lease_view.hpp"

#include <algorithm>

namespace deployctl::cli {

namespace {

constexpr const char* what_to_do =
    "; nobody watches it, and no pod is touched: deployctl rollout resume, or rollout rollback";

HealHindrance by_journal(Session& session, const RolloutRecord& rollout) {
    const auto name = "rollout " + std::to_string(rollout.number);
    if (session.parts.runners().liveness(rollout.owner) == Liveness::dead) {
        return {ExitCode::paused, name + " has lost its runner" + what_to_do};
    }
    if (stands_still(rollout.state)) {
        return {ExitCode::paused, name + " is " + to_text(rollout.state) + what_to_do};
    }
    return {ExitCode::done, name + " is under way and watches by itself"};
}

}  // namespace

std::optional<HealHindrance> find_hindrance(
    Session& session, const Target& target, const ClusterChoice& cluster
) {
    auto& parts = session.parts;
    RolloutFilter filter;
    filter.app = target.app;
    filter.environment = target.environment;
    const auto rollouts = wait_for(parts, parts.journal().list(filter));
    const auto open = std::ranges::find_if(rollouts, [&](const RolloutRecord& one) {
        return one.target == target && !is_terminal(one.state);
    });
    if (open != rollouts.end()) {
        return by_journal(session, *open);
    }
    const auto lease = wait_for(parts, engine::view_lease(parts.cluster(cluster), target));
    const bool has_ended_here = std::ranges::any_of(rollouts, [&lease](const RolloutRecord& one) {
        return one.id == lease.rollout;  // it could not say so any more
    });
    if (!engine::names_unfinished(lease) || has_ended_here) {
        return std::nullopt;
    }
    const auto name = engine::named_by(lease);
    return lease.holder.empty() || lease.state == to_text(RolloutState::paused)
               ? HealHindrance{ExitCode::paused, name + " has not ended" + what_to_do}
               : HealHindrance{ExitCode::done, name + " is under way and watches by itself"};
}

}  // namespace deployctl::cli
