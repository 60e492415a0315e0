// SPDX-License-Identifier: Apache-2.0
#include "strategies/going_back.hpp"

#include "strategies/movements.hpp"

#include <algorithm>

namespace deployctl::strategies {

namespace {

template <class Wanted>
bool contains(const Course& course) {
    return std::ranges::any_of(course.steps, [](const Step& step) {
        return std::holds_alternative<Wanted>(step.action);
    });
}

}  // namespace

std::vector<Step> going_back(const Scene& scene, const Course& forward) {
    StepList steps;
    const bool two_slots = contains<CreateCandidate>(forward);
    const bool held = contains<HoldAutoscaler>(forward);
    steps.stage("restore");
    if (two_slots) {
        steps.add(WriteTemplate{Version::previous, written_size(scene)});
        if (contains<MoveAutoscaler>(forward)) {
            hold_again(steps, scene);
        }
        steps.add(AwaitReady{Slot::stable, scene.replicas});
        point_services(steps, scene, Pointing::stable);
        steps.add(Drain{scene.drain});
        const bool has_fresh = contains<CreateBaseline>(forward);
        retire_candidate(steps, scene, has_fresh ? CanaryBaseline::fresh : CanaryBaseline::stable);
    } else {
        steps.add(WriteTemplate{Version::previous});
        steps.add(AwaitReady{Slot::stable});
    }
    steps.stage("verify");
    if (held) {
        steps.add(ReleaseAutoscaler{*scene.autoscaler});
    }
    steps.add(VerifyOutcome{Version::previous});
    return steps.take();
}

}  // namespace deployctl::strategies
