// SPDX-License-Identifier: Apache-2.0
#include "engine/preflight.hpp"

#include "engine/cluster_record.hpp"
#include "engine/objects.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

Permission permission(const char* verb, Kind kind) {
    return {verb, info(kind).group, info(kind).plural};
}

void add(std::vector<Permission>& list, Kind kind, std::initializer_list<const char*> verbs) {
    for (const auto* verb : verbs) {
        list.push_back(permission(verb, kind));
    }
}

int extra_pods(const Plan& plan) {
    int most = plan.scene.replicas;
    for (const auto& step : plan.course.steps) {
        if (const auto* scale = std::get_if<Scale>(&step.action);
            scale != nullptr && scale->slot == Slot::candidate) {
            most = std::max(most, plan.scene.replicas + scale->replicas);
        }
    }
    return most - plan.scene.replicas;
}

/// Room that a quota leaves for pods; nothing where it says nothing of pods.
std::optional<long> quota_room(const Value& quota) {
    for (const auto* key : {"/status/hard/pods", "/status/hard/count~1pods"}) {
        if (quota.has(key)) {
            std::string used = key;
            used.replace(used.find("hard"), 4, "used");
            return std::stol(quota.text(key, "0")) - std::stol(quota.text(used, "0"));
        }
    }
    return std::nullopt;
}

}  // namespace

std::vector<Permission> needed_permissions(const Plan& plan) {
    std::vector<Permission> wanted;
    const bool two_slots = std::ranges::any_of(plan.course.steps, [](const Step& step) {
        return std::holds_alternative<CreateCandidate>(step.action);
    });
    add(wanted, Kind::deployment, {"get", "list", "watch", "patch"});
    add(wanted, Kind::replica_set, {"list", "watch"});
    add(wanted, Kind::pod, {"list", "watch"});
    add(wanted, Kind::service, {"get", "list", "watch"});
    add(wanted, Kind::endpoint_slice, {"list", "watch"});
    add(wanted, Kind::lease, {"get", "create", "patch"});
    add(wanted, Kind::controller_revision, {"get", "create"});
    if (two_slots) {
        add(wanted, Kind::deployment, {"create"});
        add(wanted, Kind::service, {"patch"});
    }
    if (plan.strategy == StrategyKind::blue_green) {
        add(wanted, Kind::service, {"create"});
    }
    if (plan.scene.autoscaler) {
        add(wanted, Kind::autoscaler, {"get", "patch"});
    }
    wanted.push_back({"get", "", "pods/log"});
    if (!plan.gates.empty() || plan.version_probe) {
        wanted.push_back({"get", "", "pods/proxy"});
    }
    return wanted;
}

Task<PreflightResult> preflight(Cluster& cluster, Plan plan) {
    PreflightResult found;
    const auto wanted = needed_permissions(plan);
    const auto missing = co_await cluster.missing_permissions(wanted);
    for (const auto& permission : missing) {
        found.refusals.push_back(
            "no permission to " + permission.verb + " " + permission.resource +
            (permission.group.empty() ? "" : "." + permission.group) + " in namespace " +
            plan.target.kube_namespace + ": a Role has to grant it"
        );
    }
    const int extra = extra_pods(plan);
    const auto quotas = co_await cluster.list(Kind::resource_quota);
    for (const auto& quota : quotas) {
        const auto room = quota_room(quota);
        if (room && *room < extra) {
            found.refusals.push_back(
                "ResourceQuota/" + quota.text("/metadata/name") + " leaves room for " +
                std::to_string(*room) + " pods, the rollout needs " + std::to_string(extra) +
                " more at its peak"
            );
        }
    }
    co_return found;
}

}  // namespace deployctl::engine
