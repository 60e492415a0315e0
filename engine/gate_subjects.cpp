// SPDX-License-Identifier: Apache-2.0
#include "engine/gate_subjects.hpp"

#include "engine/approving.hpp"
#include "engine/objects.hpp"
#include "engine/preflight.hpp"
#include "engine/release.hpp"
#include "model/image.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::engine {

namespace {

std::vector<std::string> ready_names(const std::vector<const Pod*>& pods) {
    std::vector<std::string> names;
    for (const auto* pod : pods) {
        if (pod->ready) {
            names.push_back(pod->meta.name);
        }
    }
    return names;
}

bool is_served(const Plan& plan, const World& world, const Pod& pod) {
    const auto& names = plan.scene.services;
    return names.empty() || std::ranges::any_of(names, [&](const std::string& name) {
               const auto* service = find_service(world, name);
               return service != nullptr && selects(service->selector, pod.meta.labels);
           });
}

/// Somebody's change of the template may have brought the next version's image into a set that is
/// not its own: what runs that is not the version before.
bool runs_next_image(const Plan& plan, const ReplicaSet& set) {
    const auto place = container_pointer(set.pod_template, plan.container) + "/image";
    const auto& next = plan.release.image;
    return next != plan.release.previous_image && set.pod_template.view(place) == next;
}

/// The version before, as long as it serves beside the next one: after a switch its pods are only
/// kept.
std::vector<std::string> pods_beside(const Plan& plan, const World& world, Slot slot) {
    const auto* workload = find_workload(world, name_of(plan, slot));
    if (workload == nullptr) {
        return {};
    }
    std::vector<const Pod*> pods;
    for (const auto* set : replica_sets_of(world, *workload)) {
        if (runs_next_image(plan, *set)) {
            continue;
        }
        const auto more = pods_of(world, *set);
        pods.insert(pods.end(), more.begin(), more.end());
    }
    const auto next = pods_of_next(plan, world);
    std::erase_if(pods, [&](const Pod* pod) {
        return std::ranges::count(next, pod) > 0 || !is_served(plan, world, *pod);
    });
    return ready_names(pods);
}

}  // namespace

Placeholders names_of(const Plan& plan) {
    return {
        {"app", plan.target.app},
        {"env", plan.target.environment},
        {"namespace", plan.target.kube_namespace},
        {"version", plan.release.tag},
        {"previous_version", version_text(read_image(plan.release.previous_image))},
        {"image", plan.release.image},
    };
}

Value workload_to_be(const Plan& plan) {
    auto workload = plan.snapshot.workload;
    if (workload.is_object()) {
        workload.set("/spec/template", plan.release.pod_template);
    }
    return whole_manifest(std::move(workload));
}

Value whole_manifest(Value workload) {
    if (workload.is_object()) {
        const auto& kind = info(Kind::deployment);
        workload.set("/apiVersion", kind.api_version);  // in a list neither is told
        workload.set("/kind", kind.name);
        workload.erase("/metadata/managedFields");
        workload.erase("/status");
        workload.erase("/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration");
    }
    return workload;
}

gates::Subjects subjects_always(const Plan& plan) {
    gates::Subjects subjects;
    subjects.names = names_of(plan);
    subjects.workload = workload_to_be(plan);
    subjects.extra_pods = extra_pods(plan);
    return subjects;
}

void add_pods(
    gates::Subjects& subjects, const Plan& plan, const World& world, const std::string& stage
) {
    if (stage == before_stage) {
        subjects.candidate = ready_names(pods_of_slot(plan, world, Slot::stable));
    } else {
        subjects.candidate = ready_names(pods_of_next(plan, world));
        subjects.stable = pods_beside(plan, world, Slot::stable);
        if (!plan.baseline.empty()) {
            subjects.settled = std::move(subjects.stable);
            subjects.stable = pods_beside(plan, world, Slot::baseline);
        }
    }
}

}  // namespace deployctl::engine
