// SPDX-License-Identifier: Apache-2.0
#include "engine/verification.hpp"

#include "engine/changes.hpp"
#include "engine/object_checks.hpp"
#include "engine/objects.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

constexpr int most_looks = 3;
constexpr Duration between_looks = seconds(1);

Task<std::vector<std::string>> find_problems(Cluster& cluster, Plan plan, Version version) {
    std::vector<std::string> problems;
    const auto stable_ref = workload_ref(plan, Slot::stable);
    const auto stable = co_await cluster.get(stable_ref);
    if (!stable || stable->at("/spec/template") != template_of(plan, version)) {
        problems.push_back(
            to_text(stable_ref) + " does not have the " + to_text(version) + " template"
        );
    }
    const auto beside = slots_beside(plan);
    for (const auto slot : beside) {
        const auto ref = workload_ref(plan, slot);
        const auto workload = co_await cluster.get(ref);
        if (workload && workload->number("/spec/replicas") != 0) {
            problems.push_back(to_text(ref) + " still has pods");
        }
    }
    for (const auto& original : plan.snapshot.services) {
        const auto name = original.text("/metadata/name");
        const auto ref = service_ref(plan, name);
        const auto service = co_await cluster.get(ref);
        if (service && !set_selector(*service, original_selector(plan, name)).empty()) {
            problems.push_back(to_text(ref) + " does not have its owner's selector");
        }
    }
    for (const auto& original : plan.snapshot.autoscalers) {
        const auto ref = autoscaler_ref(plan, original.text("/metadata/name"));
        const auto autoscaler = co_await cluster.get(ref);
        if (autoscaler && !restore_autoscaler(*autoscaler, original).empty()) {
            problems.push_back(to_text(ref) + " does not have its owner's limits");
        }
    }
    const auto misfits = co_await misfit_objects(cluster, plan, version);
    append(problems, misfits);
    co_return problems;
}

}  // namespace

Task<std::vector<std::string>> verify(Cluster& cluster, Clock& clock, Plan plan, Version version) {
    auto problems = co_await find_problems(cluster, plan, version);
    for (int looks = 1; !problems.empty() && looks < most_looks; ++looks) {
        co_await clock.sleep(between_looks);
        problems = co_await find_problems(cluster, plan, version);
    }
    co_return problems;
}

bool traffic_is_safe(const Plan& plan, const World& world) {
    const auto* stable = find_workload(world, plan.workload);
    if (stable == nullptr) {
        return false;
    }
    std::vector<std::string> old_pods;
    for (const auto* set : replica_sets_of(world, *stable)) {
        if (is_of_template(*set, template_of(plan, Version::previous))) {
            for (const auto* pod : pods_of(world, *set)) {
                if (pod->ready) {
                    old_pods.push_back(pod->meta.uid);
                }
            }
        }
    }
    for (const auto* pod : pods_of_slot(plan, world, Slot::baseline)) {
        old_pods.push_back(pod->meta.uid);
    }
    return std::ranges::all_of(plan.scene.services, [&](const std::string& service) {
        const auto endpoints = endpoints_of(world, service);
        const bool only_old = std::ranges::all_of(endpoints, [&](const Endpoint* endpoint) {
            return !endpoint->ready || std::ranges::count(old_pods, endpoint->pod_uid) > 0;
        });
        const bool any =
            std::ranges::any_of(endpoints, [](const Endpoint* one) { return one->ready; });
        return only_old && any;
    });
}

}  // namespace deployctl::engine
