// SPDX-License-Identifier: Apache-2.0
#include "strategies/movements.hpp"

namespace deployctl::strategies {

void prepare(StepList& steps, const Scene& scene) {
    steps.stage("prepare");
    steps.add(RecordSnapshot{});
    if (scene.autoscaler) {
        steps.add(HoldAutoscaler{*scene.autoscaler, scene.replicas});
    }
}

void move_autoscaler(StepList& steps, const Scene& scene, int replicas) {
    if (scene.autoscaler && !scene.is_kedas) {
        steps.add(MoveAutoscaler{*scene.autoscaler, replicas});
    }
}

void hold_again(StepList& steps, const Scene& scene) {
    if (scene.autoscaler && !scene.is_kedas) {
        steps.add(HoldAutoscaler{*scene.autoscaler, scene.replicas});
    }
}

void point_services(StepList& steps, const Scene& scene, Pointing to) {
    for (const auto& service : scene.services) {
        steps.add(PointService{service, to});
    }
    for (const auto& service : scene.services) {
        steps.add(AwaitEndpoints{service, to});
    }
}

void retire_candidate(StepList& steps, const Scene& scene, CanaryBaseline baseline) {
    steps.add(RetireCandidate{});
    steps.add(AwaitReady{Slot::candidate, 0});
    if (baseline == CanaryBaseline::fresh) {
        steps.add(RetireBaseline{});
        steps.add(AwaitReady{Slot::baseline, 0});
    }
    for (const auto& service : scene.services) {
        steps.add(PointService{service, Pointing::original});
    }
}

void hold_and_pass(StepList& steps, Hold hold, const std::vector<std::string>& gates) {
    if (hold.duration > Duration::zero()) {
        steps.add(hold);
    }
    if (!gates.empty()) {
        steps.add(PassGates{gates});
    }
}

void fold(StepList& steps, const Scene& scene, CanaryBaseline baseline) {
    steps.stage("fold");
    steps.add(Drain{scene.drain});
    steps.add(WriteTemplate{Version::next, written_size(scene)});
    hold_again(steps, scene);
    steps.add(AwaitReady{Slot::stable, scene.replicas});
    point_services(steps, scene, Pointing::stable);
    steps.add(Drain{scene.drain});
    retire_candidate(steps, scene, baseline);
    steps.stage("verify");
    if (scene.autoscaler) {
        steps.add(ReleaseAutoscaler{*scene.autoscaler});
    }
    steps.add(VerifyOutcome{Version::next});
}

std::optional<int> written_size(const Scene& scene) {
    return scene.autoscaler ? std::nullopt : std::optional(scene.replicas);
}

}  // namespace deployctl::strategies
