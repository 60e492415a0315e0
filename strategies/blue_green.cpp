// SPDX-License-Identifier: Apache-2.0
#include "strategies/blue_green.hpp"

#include "strategies/movements.hpp"

namespace deployctl::strategies {

Course blue_green(const Scene& scene, const BlueGreenSettings& settings) {
    Course course;
    if (scene.services.empty()) {
        course.refusals.push_back(
            "no Service selects the pods of " + scene.workload +
            ", so there is nothing to switch; use the strategy rolling"
        );
    }
    StepList steps;
    prepare(steps, scene);
    point_services(steps, scene, Pointing::stable);
    steps.stage("preview");
    steps.add(CreateCandidate{});
    steps.watch(settings.gates);
    const auto first = scene.services.empty() ? scene.workload : scene.services.front();
    const auto preview =
        settings.preview_service.empty() ? first + "-preview" : settings.preview_service;
    steps.add(CreatePreviewService{preview, first});
    steps.add(Scale{Slot::candidate, scene.replicas});
    steps.add(AwaitReady{Slot::candidate, scene.replicas});
    steps.add(AwaitEndpoints{preview, Pointing::candidate});
    hold_and_pass(steps, {settings.warm_up}, settings.gates);
    if (!settings.approval.empty()) {
        steps.add(AwaitApproval{settings.approval});
    }
    steps.stage("switch");
    move_autoscaler(steps, scene, scene.replicas);
    course.weights.push_back({100, 100, scene.replicas, scene.replicas});
    point_services(steps, scene, Pointing::candidate);
    hold_and_pass(steps, {settings.keep_old}, settings.gates);
    fold(steps, scene);
    course.steps = steps.take();
    return course;
}

}  // namespace deployctl::strategies
