// SPDX-License-Identifier: Apache-2.0
#include "engine/healing.hpp"

#include "engine/changes.hpp"
#include "engine/objects.hpp"
#include "engine/release.hpp"
#include "model/kubernetes/symptoms.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

constexpr std::string_view unschedulable = "Unschedulable";
constexpr std::string_view pending = "Pending";
/// On top of its grace: the time of its deletion is that of its end.
constexpr Duration patience_with_the_leaving = seconds(60);

bool is_stuck(const Pod& pod, WallTime now) {
    return pod.meta.deleted && now - *pod.meta.deleted > patience_with_the_leaving;
}

void add_pods(Diagnosis& found, const Plan& plan, const World& world) {
    const auto* workload = find_workload(world, plan.workload);
    const auto* set = current_replica_set(world, *workload);
    for (const auto* pod : all_pods_of(world, *workload)) {
        if (is_stuck(*pod, world.wall)) {
            found.stuck.push_back("Pod/" + pod->meta.name + " does not leave node " + pod->node);
        }
    }
    if (set == nullptr) {
        return;
    }
    for (const auto* pod : pods_of(world, *set)) {
        found.ready += pod->ready ? 1 : 0;
        const auto symptoms = symptoms_of(*pod, world, plan.confirm);
        if (pod->ready || symptoms.empty()) {
            continue;
        }
        const auto& first = symptoms.front();
        if (first.reason == unschedulable) {
            found.stuck.push_back("Pod/" + pod->meta.name + ": " + first.detail);
            continue;
        }
        found.doomed.push_back({
            pod->meta.name,
            pod->meta.uid,
            pod->meta.resource_version,
            first.reason + (first.detail.empty() ? "" : ", " + first.detail),
            pod->phase != pending,
            first.confirm,
        });
    }
}

/// Of what a rollout pins and gives back; a literal variable is not compared, since the journal
/// does not keep it.
void add_drift(Diagnosis& found, const Plan& plan, const World& world) {
    const auto& body = find_workload(world, plan.workload)->body;
    const auto& pod_template = body.at("/spec/template");
    const auto image =
        pod_template.text(container_pointer(pod_template, plan.container) + "/image");
    found.runs_release = image == plan.release.image;
    if (!found.runs_release) {
        found.drift.push_back(
            "Deployment/" + plan.workload + ": image is " + image + " instead of " +
            plan.release.image
        );
    }
    for (const auto& name : plan.scene.services) {
        const auto* service = find_service(world, name);
        if (service == nullptr) {
            found.drift.push_back("Service/" + name + " is gone");
        } else if (service->selector != original_selector(plan, name)) {
            found.drift.push_back("Service/" + name + ": the selector is not its owner's any more");
        }
    }
    const auto* autoscaler = find_autoscaler_of(world, plan.workload);
    if (autoscaler != nullptr && is_held(autoscaler->body)) {
        found.drift.push_back(
            "HorizontalPodAutoscaler/" + autoscaler->meta.name + " is still held"
        );
    }
    if (plan.scene.autoscaler && !plan.scene.is_kedas && autoscaler == nullptr) {
        found.drift.push_back("HorizontalPodAutoscaler/" + *plan.scene.autoscaler + " is gone");
    }
}

/// In the words of an eviction: below it no pod that has started is taken away.
std::string unmet_budget(const World& world, const Workload& workload, const Diagnosis& found) {
    for (const auto& budget : world.disruption_budgets) {
        const bool is_ours =
            !budget.has_expressions && selects(budget.selector, workload.template_labels);
        const int least = budget.min_available.is_null()
                              ? 0
                              : resolve_share(budget.min_available, found.wanted, Rounding::up);
        if (is_ours && found.ready < least) {
            return "PodDisruptionBudget/" + budget.meta.name + " wants " +
                   count_of(least, "ready pod") + ", and there are " + std::to_string(found.ready);
        }
    }
    return "";
}

Duration longest(const std::vector<DoomedPod>& pods, Duration least) {
    for (const auto& pod : pods) {
        least = std::max(least, pod.confirm);
    }
    return least;
}

bool is_among(const std::vector<DoomedPod>& pods, const DoomedPod& one) {
    return std::ranges::any_of(pods, [&](const DoomedPod& other) { return other.uid == one.uid; });
}

}  // namespace

Diagnosis diagnose(const Plan& promoted, const World& world) {
    Diagnosis found;
    const auto* workload = find_workload(world, promoted.workload);
    if (workload == nullptr) {
        found.drift.push_back("Deployment/" + promoted.workload + " is gone");
        return found;
    }
    found.wanted = workload->replicas;
    found.at_once = std::max(1, workload->max_unavailable);
    add_pods(found, promoted, world);
    add_drift(found, promoted, world);
    found.budget = unmet_budget(world, *workload, found);
    return found;
}

std::vector<DoomedPod> choose_restarts(const Diagnosis& diagnosis, int at_most) {
    std::vector<DoomedPod> chosen;
    if (!diagnosis.can_be_treated()) {
        return chosen;
    }
    const auto most = static_cast<std::size_t>(std::max(0, std::min(at_most, diagnosis.at_once)));
    for (const auto& pod : diagnosis.doomed) {
        const bool is_counted = pod.has_started && !diagnosis.budget.empty();
        if (chosen.size() < most && !is_counted) {
            chosen.push_back(pod);
        }
    }
    return chosen;
}

Task<Diagnosis> examine(Cluster* cluster, Clock* clock, Plan promoted) {
    auto world = co_await cluster->look();
    auto found = diagnose(promoted, world);
    if (found.is_well()) {
        co_return found;
    }
    const auto first = found.doomed;
    const auto window = longest(first, promoted.confirm.crash);
    co_await clock->sleep(window);
    world = co_await cluster->look();
    found = diagnose(promoted, world);
    std::erase_if(found.doomed, [&](const DoomedPod& one) { return !is_among(first, one); });
    co_return found;
}

Task<WriteReply> restart(Cluster* cluster, Target target, DoomedPod pod) {
    const ObjectRef ref{Kind::pod, target.kube_namespace, pod.name};
    const auto reply = co_await cluster->remove(ref, pod.uid, pod.resource_version);
    co_return reply;
}

Task<Diagnosis> await_recovery(Cluster* cluster, Clock* clock, Plan promoted, Duration at_most) {
    const auto until = clock->boot_time() + at_most;
    auto world = co_await cluster->look();
    auto found = diagnose(promoted, world);
    while (!(found.is_well() && found.ready >= found.wanted) && clock->boot_time() < until) {
        co_await clock->sleep(seconds(1));
        world = co_await cluster->look();
        found = diagnose(promoted, world);
    }
    co_return found;
}

}  // namespace deployctl::engine
