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

Task<std::string> active_rollout(Parts* parts, const TurnOrder* order) {
    RolloutFilter filter;
    filter.which = RolloutFilter::Which::active;
    filter.app = order->target.app;
    const auto active = co_await parts->journal().list(filter);
    for (const auto& rollout : active) {
        if (is_same_place(rollout.target, order->target)) {
            co_return "rollout " + describe(rollout, Style{});
        }
    }
    engine::Lease lease(
        parts->cluster(order->cluster), parts->clock(), parts->runners(), order->target
    );
    const auto view = co_await lease.view();
    const bool is_held =
        !view.holder.empty() && parts->runners().liveness(view.runner) != Liveness::dead;
    co_return is_held ? "the rollout of " + view.holder + " on " + view.runner.host : "";
}

Task<> wait_for_turn(Parts* parts, TurnOrder order) {
    const auto* const wanted = &order;
    const auto begun = parts->clock().boot_time();
    std::string told;
    for (;;) {
        const auto other = co_await active_rollout(parts, wanted);
        if (other.empty()) {
            co_return;
        }
        if (parts->clock().boot_time() - begun >= order.at_most) {
            throw Error(
                ExitCode::locked,
                "after " + to_text(order.at_most) + " there still is " + other,
                "watch, resume, abort or roll it back first"
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
