// SPDX-License-Identifier: Apache-2.0
#include "cli/turn.hpp"

#include "cli/finding.hpp"
#include "cli/output/style.hpp"
#include "engine/lease.hpp"

#include <ostream>

namespace deployctl::cli {

namespace {

constexpr Duration poll_interval = seconds(1);

bool is_same_place(const Target& one, const Target& other) {
    return one.app == other.app && one.kube_namespace == other.kube_namespace &&
           one.cluster_uid == other.cluster_uid;
}

}  // namespace

bool stands_still(RolloutState state) {
    return state == RolloutState::paused || state == RolloutState::needs_human;
}

Task<ActiveRollout> active_rollout(Parts* parts, const TurnOrder* order) {
    RolloutFilter filter;
    filter.which = RolloutFilter::Which::active;
    filter.app = order->target.app;
    const auto active = co_await parts->journal().list(filter);
    for (const auto& rollout : active) {
        if (is_same_place(rollout.target, order->target)) {
            co_return ActiveRollout{"rollout " + describe(rollout, Style{}), rollout.id};
        }
    }
    auto& cluster = parts->cluster(order->cluster);
    const auto& lease = info(Kind::lease);
    const std::vector<Permission> needed{{"get", lease.group, lease.plural}};
    const auto missing = co_await cluster.missing_permissions(needed);
    if (!missing.empty()) {
        co_return ActiveRollout{};  // preflight names it, with all the others
    }
    const auto target = order->target;
    const auto view = co_await engine::view_lease(cluster, target);
    const bool is_held =
        !view.holder.empty() && parts->runners().liveness(view.runner) != Liveness::dead;
    if (is_held) {
        co_return ActiveRollout{
            "the rollout of " + view.holder + " on " + view.runner.host, view.rollout
        };
    }
    if (!engine::names_unfinished(view)) {
        co_return ActiveRollout{};
    }
    const auto known = co_await parts->journal().find(view.rollout);
    const bool has_ended = known && is_terminal(known->state);
    co_return has_ended ? ActiveRollout{} : ActiveRollout{engine::named_by(view), view.rollout};
}

Task<> wait_for_turn(Parts* parts, TurnOrder order) {
    const auto* const wanted = &order;
    const auto begun = parts->clock().boot_time();
    std::string told;
    for (;;) {
        const auto active = co_await active_rollout(parts, wanted);
        const auto& other = active.text;
        if (other.empty()) {
            co_return;
        }
        if (parts->clock().boot_time() - begun >= order.at_most) {
            throw Error(
                ExitCode::locked,
                "after " + to_text(order.at_most) + " there still is " + other,
                turn_help
            );
        }
        if (other != told) {
            *order.notes << "waiting for " << printable(other) << "\n" << std::flush;
            told = other;
        }
        co_await parts->clock().sleep(poll_interval);
    }
}

}  // namespace deployctl::cli
