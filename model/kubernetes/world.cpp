// SPDX-License-Identifier: Apache-2.0
#include "model/kubernetes/world.hpp"

#include <algorithm>

namespace deployctl {

namespace {

template <class Object>
const Object* find_named(const SharedList<Object>& objects, std::string_view name) {
    const auto found =
        std::ranges::find_if(objects, [&](const Object& one) { return one.meta.name == name; });
    return found == objects.end() ? nullptr : &*found;
}

bool is_owned_by(const ObjectMeta& meta, const std::string& uid) {
    return std::ranges::any_of(meta.owners, [&](const OwnerRef& owner) {
        return owner.uid == uid;
    });
}

}  // namespace

bool shows_the_same(const World& one, const World& other) {
    return one.workloads.is_copy_of(other.workloads) &&
           one.replica_sets.is_copy_of(other.replica_sets) && one.pods.is_copy_of(other.pods) &&
           one.services.is_copy_of(other.services) && one.endpoints.is_copy_of(other.endpoints) &&
           one.autoscalers.is_copy_of(other.autoscalers) &&
           one.disruption_budgets.is_copy_of(other.disruption_budgets) &&
           one.notices.is_copy_of(other.notices);
}

const Workload* find_workload(const World& world, std::string_view name) {
    return find_named(world.workloads, name);
}

const Service* find_service(const World& world, std::string_view name) {
    return find_named(world.services, name);
}

const Autoscaler* find_autoscaler_of(const World& world, std::string_view workload) {
    const auto found = std::ranges::find_if(world.autoscalers, [&](const Autoscaler& one) {
        return one.target_kind == "Deployment" && one.target_name == workload;
    });
    return found == world.autoscalers.end() ? nullptr : &*found;
}

std::vector<const ReplicaSet*> replica_sets_of(const World& world, const Workload& workload) {
    std::vector<const ReplicaSet*> sets;
    for (const auto& set : world.replica_sets) {
        if (is_owned_by(set.meta, workload.meta.uid)) {
            sets.push_back(&set);
        }
    }
    std::ranges::sort(sets, [](const auto* left, const auto* right) {
        return left->revision > right->revision;
    });
    return sets;
}

bool is_of_template(const ReplicaSet& set, const Value& pod_template) {
    return set.pod_template == pod_template;
}

const ReplicaSet* replica_set_of_template(const World& world, const Workload& workload) {
    const auto& wanted = workload.body.at("/spec/template");
    for (const auto* set : replica_sets_of(world, workload)) {
        if (is_of_template(*set, wanted)) {
            return set;
        }
    }
    return nullptr;
}

const ReplicaSet* current_replica_set(const World& world, const Workload& workload) {
    const bool is_seen = workload.observed_generation >= workload.meta.generation;
    return is_seen ? replica_set_of_template(world, workload) : nullptr;
}

std::vector<const Pod*> pods_of(const World& world, const ReplicaSet& set) {
    std::vector<const Pod*> pods;
    for (const auto& pod : world.pods) {
        if (!pod.is_leaving() && is_owned_by(pod.meta, set.meta.uid)) {
            pods.push_back(&pod);
        }
    }
    return pods;
}

std::vector<const Pod*> all_pods_of(const World& world, const Workload& workload) {
    std::vector<const Pod*> pods;
    for (const auto* set : replica_sets_of(world, workload)) {
        for (const auto& pod : world.pods) {
            if (is_owned_by(pod.meta, set->meta.uid)) {
                pods.push_back(&pod);
            }
        }
    }
    return pods;
}

std::vector<const Service*> services_selecting(const World& world, const Labels& labels) {
    std::vector<const Service*> services;
    for (const auto& service : world.services) {
        if (selects(service.selector, labels)) {
            services.push_back(&service);
        }
    }
    return services;
}

std::vector<const Endpoint*> endpoints_of(const World& world, std::string_view service) {
    std::vector<const Endpoint*> endpoints;
    for (const auto& endpoint : world.endpoints) {
        if (endpoint.service == service) {
            endpoints.push_back(&endpoint);
        }
    }
    return endpoints;
}

}  // namespace deployctl
