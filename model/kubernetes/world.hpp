// SPDX-License-Identifier: Apache-2.0
// One look at the world: everything of one namespace that a rollout cares about, as of one moment.
// The engine decides on a World and never asks pod by pod. A value, whose copies share the objects;
// any thread. What is found in a World lives as long as it.
#pragma once

#include "model/kubernetes/workload.hpp"
#include "model/shared_list.hpp"
#include "model/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

struct World {
    WallTime wall;  ///< when it was read
    BootTime boot;
    SharedList<Workload> workloads;
    SharedList<ReplicaSet> replica_sets;
    SharedList<Pod> pods;
    SharedList<Service> services;
    SharedList<Endpoint> endpoints;
    SharedList<Autoscaler> autoscalers;
    SharedList<DisruptionBudget> disruption_budgets;
    SharedList<Notice> notices;
};

/// One is a copy of the other but for its time: told without a look at the objects.
bool shows_the_same(const World& one, const World& other);

const Workload* find_workload(const World& world, std::string_view name);
const Service* find_service(const World& world, std::string_view name);
const Autoscaler* find_autoscaler_of(const World& world, std::string_view workload);

/// The ReplicaSets of a Deployment, newest revision first.
std::vector<const ReplicaSet*> replica_sets_of(const World& world, const Workload& workload);
/// Its controller has put the hash label into the set's template and left the rest as the
/// Deployment has it.
bool is_of_template(const ReplicaSet& set, const Value& pod_template);
/// The ReplicaSet of the Deployment's present template, which its controller may not have acted on;
/// null where there is none.
const ReplicaSet* replica_set_of_template(const World& world, const Workload& workload);
/// The same; null while its controller has not seen the Deployment as it is.
const ReplicaSet* current_replica_set(const World& world, const Workload& workload);
/// The pods of a ReplicaSet that are not on their way out.
std::vector<const Pod*> pods_of(const World& world, const ReplicaSet& set);
/// The pods of all ReplicaSets of a Deployment, the leaving ones included.
std::vector<const Pod*> all_pods_of(const World& world, const Workload& workload);
/// Every Service whose selector matches the labels.
std::vector<const Service*> services_selecting(const World& world, const Labels& labels);
std::vector<const Endpoint*> endpoints_of(const World& world, std::string_view service);

}  // namespace deployctl
