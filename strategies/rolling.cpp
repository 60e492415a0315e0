// SPDX-License-Identifier: Apache-2.0
#include "strategies/rolling.hpp"

#include "strategies/canary.hpp"
#include "strategies/movements.hpp"

namespace deployctl::strategies {

namespace {

Course in_batches(const Scene& scene, const RollingSettings& settings) {
    CanarySettings batches;
    batches.steps.clear();
    for (const int percent : settings.batches) {
        batches.steps.push_back({percent, settings.batch_pause});
    }
    batches.max_weight_error = 100;
    batches.keep_old = settings.bake;
    batches.gates = settings.gates;
    return canary(scene, batches);
}

}  // namespace

Course rolling(const Scene& scene, const RollingSettings& settings) {
    if (!settings.batches.empty()) {
        return in_batches(scene, settings);
    }
    Course course;
    course.notes.push_back(
        "the Deployment's own controller rolls the pods: if deployctl is killed, it goes on "
        "ungated until a "
        "runner is back"
    );
    StepList steps;
    steps.stage("prepare");
    steps.add(RecordSnapshot{});
    steps.stage("roll");
    steps.watch(settings.gates);
    steps.add(WriteTemplate{Version::next});
    steps.add(AwaitReady{Slot::stable});
    hold_and_pass(steps, {settings.bake}, settings.gates);
    steps.stage("verify");
    steps.watch({});
    steps.add(VerifyOutcome{Version::next});
    course.steps = steps.take();
    return course;
}

}  // namespace deployctl::strategies
