// SPDX-License-Identifier: Apache-2.0
#include "engine/preflight.hpp"

#include "engine/cluster_record.hpp"
#include "engine/config_preflight.hpp"
#include "engine/lease.hpp"
#include "engine/object_checks.hpp"
#include "engine/objects.hpp"
#include "gates/backup_age_gate.hpp"
#include "gates/capacity_gate.hpp"
#include "gates/policy.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <array>

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

void object_to_quotas(const std::vector<Value>& quotas, int extra, PreflightResult& found) {
    for (const auto& quota : quotas) {
        const auto pods = read_pod_quota(quota);
        if (pods && pods->hard - pods->used < extra) {
            found.refusals.push_back(
                "ResourceQuota/" + quota.text("/metadata/name") + " leaves room for " +
                count_of(pods->hard - pods->used, "pod") + ", the rollout needs " +
                std::to_string(extra) + " more at its peak"
            );
        }
    }
}

/// What is only looked at: without it less is known, and nothing goes wrong.
struct Hint {
    Kind kind{};
    const char* loss;
};

constexpr std::array hints{
    Hint{Kind::disruption_budget, "a budget that cannot be met is not seen"},
    Hint{Kind::event, "why a pod does not start is told in fewer words"},
};

std::string no_permission(const Permission& permission, const std::string& kube_namespace) {
    return "no permission to " + permission.verb + " " + permission.resource +
           (permission.group.empty() ? "" : "." + permission.group) +
           (permission.reach == Reach::everywhere ? " of the whole cluster"
                                                  : " in namespace " + kube_namespace);
}

/// The app whose rollout wrote the workload last, where that is another one: it may have been
/// renamed since.
Task<> object_to_other_app(Cluster* cluster, const Plan* plan, PreflightResult* found) {
    const auto& workload = plan->snapshot.workload;
    const auto app = workload.text(annotation_pointer(mark::app));
    if (app.empty() || app == plan->target.app) {
        co_return;
    }
    auto target = plan->target;
    target.app = app;
    const auto lease = co_await view_lease(*cluster, target);
    const auto name = "Deployment/" + plan->workload;
    if (names_unfinished(lease)) {
        found->refusals.push_back(
            name + " belongs to the app " + app + ", whose " + named_by(lease) +
            " has not ended; end it first (`deployctl rollout rollback --from-cluster --app " +
            app + " -n " + target.kube_namespace + " --reason TEXT`)"
        );
        co_return;
    }
    found->warnings.push_back(
        name + " is taken over from the app " + app + ", which has no rollout under way"
    );
}

/// A gate that decides nothing says by itself what it may not look at.
bool waits_for_cron_job(const GatesByName::value_type& named) {
    const auto* backup = std::get_if<BackupAgeQuestion>(&named.second.question);
    return backup != nullptr && !backup->cron_job.empty() && gates::decides(named.second.policy);
}

bool waits_for_room(const GatesByName::value_type& named) {
    return std::holds_alternative<CapacityQuestion>(named.second.question) &&
           gates::decides(named.second.policy);
}

}  // namespace

/// Nothing for "1k" and the like: such a quota is large, and the API server counts anyway.
std::optional<PodQuota> read_pod_quota(const Value& quota) {
    for (const auto* key : {"pods", "count~1pods"}) {
        const auto hard = whole_number(quota.text(std::string("/status/hard/") + key));
        const auto used = whole_number(quota.text(std::string("/status/used/") + key));
        if (hard && used) {
            return PodQuota{*hard, *used};
        }
    }
    return std::nullopt;
}

int extra_pods(const Plan& plan) {
    int candidate = 0;
    int baseline = 0;
    int most = 0;
    for (const auto& step : plan.course.steps) {
        const auto* scale = std::get_if<Scale>(&step.action);
        if (scale != nullptr && scale->slot != Slot::stable) {
            (scale->slot == Slot::candidate ? candidate : baseline) = scale->replicas;
        }
        const bool surges = std::holds_alternative<WriteTemplate>(step.action);
        most = std::max(most, candidate + baseline + (surges ? plan.scene.max_surge : 0));
    }
    return most;
}

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
        add(wanted, Kind::autoscaler, {"list", "watch"});
        add(wanted, Kind::deployment, {"create"});
        add(wanted, Kind::service, {"patch"});
    }
    if (plan.strategy == StrategyKind::blue_green) {
        add(wanted, Kind::service, {"create"});
    }
    if (plan.scene.autoscaler) {
        add(wanted, autoscaler_ref(plan, *plan.scene.autoscaler).kind, {"get", "patch"});
    }
    wanted.push_back({"get", "", "pods/log"});
    const bool asks_pods = std::ranges::any_of(plan.gates, [](const auto& gate) {
        return !asks_outside(gate.second.question);
    });
    if (asks_pods || plan.version_probe) {
        wanted.push_back({"get", "", "pods/proxy"});
    }
    if (std::ranges::any_of(plan.gates, waits_for_cron_job)) {
        wanted.push_back(gates::permission_for_cron_jobs());
    }
    if (std::ranges::any_of(plan.gates, waits_for_room)) {
        const auto more = gates::permissions_for_capacity();
        wanted.insert(wanted.end(), more.begin(), more.end());
    }
    for (const auto& more : {permissions_to_copy(plan), permissions_for_objects(plan)}) {
        wanted.insert(wanted.end(), more.begin(), more.end());
    }
    const bool has_jobs = std::ranges::any_of(plan.tasks, [](const auto& task) {
        return std::holds_alternative<JobWork>(task.second.work);
    });
    if (has_jobs) {
        add(wanted, Kind::job, {"get", "create", "patch"});
    }
    return wanted;
}

namespace {

void add_useful(std::vector<Permission>& wanted) {
    add(wanted, Kind::resource_quota, {"list"});
    for (const auto& hint : hints) {
        add(wanted, hint.kind, {"list", "watch"});
    }
}

bool is_for(const Permission& permission, Kind kind) {
    return permission.resource == info(kind).plural;
}

bool is_missing(const std::vector<Permission>& missing, Kind kind) {
    return std::ranges::any_of(missing, [&](const Permission& one) { return is_for(one, kind); });
}

/// An autoscaler that cannot be seen would fight every size that is written.
std::string refusal_of(const Permission& missing, const std::string& kube_namespace) {
    return no_permission(missing, kube_namespace) +
           (is_for(missing, Kind::autoscaler)
                ? ", so one that would undo the sizes of the rollout is not seen"
                : "") +
           (missing.reach == Reach::everywhere
                ? ": a ClusterRole has to grant it (kubectl create clusterrole deployctl-" +
                      missing.resource + " --verb=" + missing.verb +
                      " --resource=" + missing.resource + ", then a clusterrolebinding)"
                : std::string(": a Role has to grant it"));
}

/// What is merely looked at: writing the same kind is no hint.
bool is_look(const Permission& permission) {
    constexpr std::array<std::string_view, 2> verbs{"list", "watch"};
    return std::ranges::count(verbs, permission.verb) > 0;
}

void object_to_missing(
    const std::vector<Permission>& missing, const Plan& plan, PreflightResult& found
) {
    const auto& where = plan.target.kube_namespace;
    for (const auto& one : missing) {
        const bool is_hint = is_look(one) && std::ranges::any_of(hints, [&](const Hint& hint) {
                                 return is_for(one, hint.kind);
                             });
        if (!is_hint && !is_for(one, Kind::resource_quota)) {
            found.refusals.push_back(refusal_of(one, where));
        }
    }
    for (const auto& hint : hints) {
        if (is_missing(missing, hint.kind)) {
            found.warnings.push_back(
                no_permission(permission("list", hint.kind), where) + ": " + hint.loss
            );
        }
    }
    if (is_missing(missing, Kind::resource_quota)) {
        found.warnings.push_back(
            no_permission(permission("list", Kind::resource_quota), where) +
            ": whether there is room for " + count_of(extra_pods(plan), "more pod") +
            " is not known"
        );
    }
}

}  // namespace

Task<PreflightResult> preflight(Cluster& cluster, Plan plan) {
    PreflightResult found;
    auto wanted = needed_permissions(plan);
    add_useful(wanted);
    const auto missing = co_await cluster.missing_permissions(wanted);
    object_to_missing(missing, plan, found);
    if (!is_missing(missing, Kind::lease)) {
        auto* const answer = &found;
        const auto* const wish = &plan;
        co_await object_to_other_app(&cluster, wish, answer);
    }
    const auto config = co_await preflight_config(cluster, plan);
    append(found.refusals, config.refusals);
    append(found.warnings, config.warnings);
    if (!is_missing(missing, Kind::resource_quota)) {
        const auto quotas = co_await list_all(cluster, Kind::resource_quota);
        object_to_quotas(quotas, extra_pods(plan), found);
    }
    co_return found;
}

}  // namespace deployctl::engine
