// SPDX-License-Identifier: Apache-2.0
#include "engine/config_preflight.hpp"

#include "engine/config_places.hpp"
#include "engine/config_sweep.hpp"
#include "engine/planned_config.hpp"

#include <algorithm>
#include <set>

namespace deployctl::engine {

namespace {

Permission may_get(Kind kind) {
    return {"get", info(kind).group, info(kind).plural};
}

/// Whoever leaves it out can do without it.
bool is_optional(const Value& pod_template, const ConfigPlace& place) {
    const auto parent = place.pointer.substr(0, place.pointer.rfind('/'));
    return pod_template.flag(parent + "/optional");
}

/// "web-config" of "web-config-0123456789"; empty where it has not that form.
std::string source_in(const std::string& name) {
    const auto dash = name.rfind('-');
    const auto source = dash == std::string::npos ? std::string() : name.substr(0, dash);
    return is_named_as_copy(name, source) ? source : std::string();
}

/// What a version reads that this plan does not make: it was made when the version came out.
std::set<ObjectRef> recorded_copies(const Plan& plan) {
    const auto& pod_template = plan.release.pod_template;
    std::set<ObjectRef> found;
    for (const auto& place : config_places(pod_template)) {
        if (!source_in(place.name).empty() && !is_optional(pod_template, place)) {
            found.insert({place.kind, plan.target.kube_namespace, place.name});
        }
    }
    for (const auto& planned : copies_of(plan)) {
        found.erase(planned.copy);
    }
    return found;
}

Task<bool> may_read(Cluster* cluster, Kind kind) {
    const std::vector<Permission> wanted{may_get(kind)};
    const auto missing = co_await cluster->missing_permissions(wanted);
    co_return missing.empty();
}

Task<> object_to_taken(Cluster* cluster, PlannedCopy planned, PreflightResult* found) {
    const bool can_read = co_await may_read(cluster, planned.copy.kind);
    if (!can_read) {
        co_return;  // said already
    }
    const auto present = co_await cluster->get(planned.copy);
    const bool is_fit = !present || (is_copy_of(*present, planned.source.name) &&
                                     config_hash(*present) == planned.hash);
    if (!is_fit) {
        found->refusals.push_back(
            to_text(planned.copy) + " exists, and is no copy of " + to_text(planned.source) +
            " as it is now: deployctl needs that name; delete or rename it"
        );
    }
}

Task<> object_to_gone(Cluster* cluster, ObjectRef copy, PreflightResult* found) {
    const bool can_read = co_await may_read(cluster, copy.kind);
    if (!can_read) {
        co_return;
    }
    const auto present = co_await cluster->get(copy);
    if (!present) {
        found->refusals.push_back(
            to_text(copy) +
            ", which the pods of this version read, is not there any more: they "
            "could not start; create it, or bring out a version with today's "
            "configuration"
        );
    }
}

}  // namespace

std::vector<Permission> permissions_to_copy(const Plan& plan) {
    std::set<Kind> kinds;
    for (const auto& planned : copies_of(plan)) {
        kinds.insert(planned.copy.kind);
    }
    std::vector<Permission> wanted;
    for (const auto kind : kinds) {
        for (const auto* verb : {"get", "create", "patch"}) {
            wanted.push_back({verb, info(kind).group, info(kind).plural});
        }
    }
    return wanted;
}

Task<PreflightResult> preflight_config(Cluster& cluster, Plan plan) {
    PreflightResult found;
    auto* const asked = &cluster;
    auto* const answer = &found;
    const auto planned = copies_of(plan);
    for (const auto& one : planned) {
        co_await object_to_taken(asked, one, answer);
    }
    const auto recorded = recorded_copies(plan);
    for (const auto& one : recorded) {
        co_await object_to_gone(asked, one, answer);
    }
    const auto to_sweep = permissions_to_sweep(plan);
    if (to_sweep.empty()) {
        co_return found;
    }
    const auto missing = co_await cluster.missing_permissions(to_sweep);
    for (const auto& one : missing) {
        found.warnings.push_back(
            "no permission to " + one.verb + " " + one.resource + " in namespace " +
            plan.target.kube_namespace + ": copies of configuration that nobody needs any more stay"
        );
    }
    co_return found;
}

}  // namespace deployctl::engine
