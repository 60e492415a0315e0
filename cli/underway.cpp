// SPDX-License-Identifier: Apache-2.0
#include "cli/underway.hpp"

#include "engine/cluster_record.hpp"
#include "engine/plan_json.hpp"
#include "model/text.hpp"

namespace deployctl::cli {

namespace {

/// Nothing where it is damaged, too: that is for whoever goes on with it, and no reason not to
/// plan.
Task<std::optional<Plan>> plan_in_record(Cluster* cluster, Target target, RolloutId id) {
    std::optional<Plan> plan;
    try {
        auto recorded = co_await engine::load_record(*cluster, target, id);
        if (recorded) {
            plan = std::move(recorded->plan);
        }
    } catch (const Error&) {
        plan.reset();
    }
    co_return plan;
}

/// By this journal, else by the cluster's record where that may be read.
Task<std::optional<Plan>> recorded_plan(Parts* parts, const TurnOrder* order, RolloutId id) {
    if (id.empty()) {
        co_return std::nullopt;
    }
    const auto known = co_await parts->journal().find(id);
    if (known) {
        const auto journalled = co_await parts->journal().plan(id);
        co_return engine::read_plan(journalled);
    }
    auto& cluster = parts->cluster(order->cluster);
    const auto& record = info(Kind::controller_revision);
    const std::vector<Permission> needed{{"get", record.group, record.plural}};
    const auto missing = co_await cluster.missing_permissions(needed);
    std::optional<Plan> plan;
    if (missing.empty()) {
        const auto target = order->target;
        plan = co_await plan_in_record(&cluster, target, id);
    }
    co_return plan;
}

}  // namespace

Task<Underway> find_underway(
    Parts* parts, const engine::PlanRequest* request, ClusterChoice cluster
) {
    const TurnOrder order{request->target, std::move(cluster)};
    const auto* const place = &order;
    const auto active = co_await active_rollout(parts, place);
    Underway found;
    found.text = active.text;
    if (!active.text.empty()) {
        const auto id = active.id;
        const auto plan = co_await recorded_plan(parts, place, id);
        const bool is_same = plan && plan->workload == request->configuration.app.workload.name;
        found.replicas = is_same ? plan->scene.replicas : 0;
    }
    co_return found;
}

std::string caution_of(const Underway& underway, const engine::PlanDraft& draft) {
    if (draft.is_no_change) {
        return underway.text + " is active: what runs now may not stay";
    }
    const auto size = underway.replicas == 0 ? ""
                                             : "; the size that it has recorded is taken, " +
                                                   count_of(underway.replicas, "pod");
    return underway.text + " is active: nothing starts before its end" + size;
}

}  // namespace deployctl::cli
