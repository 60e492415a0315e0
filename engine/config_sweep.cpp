// SPDX-License-Identifier: Apache-2.0
#include "engine/config_sweep.hpp"

#include "engine/config_places.hpp"
#include "engine/planned_config.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <string>

namespace deployctl::engine {

namespace {

constexpr std::size_t records_kept = 10;

using Names = std::set<std::pair<Kind, std::string>>;

void add_names(const Value& pod_template, Names& names) {
    for (const auto& place : config_places(pod_template)) {
        names.emplace(place.kind, place.name);
    }
}

std::set<Kind> kinds_of(const Plan& plan) {
    std::set<Kind> kinds;
    for (const auto& one : copies_of(plan)) {
        kinds.insert(one.copy.kind);
    }
    return kinds;
}

/// A rollback may go to what is recorded of an older rollout.
void add_recorded(std::vector<Value> records, const std::string& app, Names& names) {
    std::erase_if(records, [&](const Value& record) {
        return record.text("/metadata/labels/" + escape_pointer(mark::app)) != app;
    });
    std::ranges::sort(records, std::greater(), [](const Value& record) {
        return record.text("/metadata/creationTimestamp");
    });
    records.resize(std::min(records.size(), records_kept));
    for (const auto& record : records) {
        add_names(record.at("/data/plan/release/pod_template"), names);
        add_names(record.at("/data/plan/snapshot/workload/spec/template"), names);
    }
}

Names names_in_use(const World& world, const Plan& plan) {
    Names names;
    add_names(plan.release.pod_template, names);
    add_names(plan.snapshot.workload.at("/spec/template"), names);
    for (const auto& workload : world.workloads) {
        add_names(workload.body.at("/spec/template"), names);
    }
    for (const auto& set : world.replica_sets) {
        add_names(set.pod_template, names);
    }
    return names;
}

}  // namespace

std::vector<Permission> permissions_to_sweep(const Plan& plan) {
    std::vector<Permission> wanted;
    for (const auto kind : kinds_of(plan)) {
        for (const auto* verb : {"list", "delete"}) {
            wanted.push_back({verb, info(kind).group, info(kind).plural});
        }
    }
    if (!wanted.empty()) {
        const auto& records = info(Kind::controller_revision);
        wanted.push_back({"list", records.group, records.plural});
    }
    return wanted;
}

bool is_own_copy(const Value& object, const std::string& app) {
    const auto source = annotation_of(object, copy_mark).view("");
    return !source.empty() && is_copy_of(object, source) &&
           is_named_as_copy(object.view("/metadata/name"), source) &&
           annotation_of(object, mark::app).view("") == app;
}

Task<std::vector<ObjectRef>> find_unused_copies(Cluster& cluster, World world, Plan plan) {
    std::vector<ObjectRef> unused;
    const auto wanted = permissions_to_sweep(plan);
    if (wanted.empty()) {
        co_return unused;
    }
    const auto missing = co_await cluster.missing_permissions(wanted);
    if (!missing.empty()) {
        co_return unused;
    }
    auto names = names_in_use(world, plan);
    auto records = co_await list_all(cluster, Kind::controller_revision);
    add_recorded(std::move(records), plan.target.app, names);
    const auto kinds = kinds_of(plan);
    for (const auto kind : kinds) {
        const auto objects = co_await list_all(cluster, kind);
        for (const auto& object : objects) {
            auto name = object.text("/metadata/name");
            if (is_own_copy(object, plan.target.app) && !names.contains({kind, name})) {
                unused.push_back({kind, plan.target.kube_namespace, std::move(name)});
            }
        }
    }
    co_return unused;
}

}  // namespace deployctl::engine
