// SPDX-License-Identifier: Apache-2.0
#include "strategies/canary.hpp"

#include "strategies/movements.hpp"
#include "strategies/split.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace deployctl::strategies {

namespace {

/// From here on more pods are needed for the candidate's sake than for stable's.
constexpr int weight_that_scales = 50;

std::string percent(double value) {
    char text[16];
    std::snprintf(text, sizeof text, "%.0f%%", value);
    return text;
}

/// Says, or refuses, when whole pods cannot come near to what was asked.
void check_weight(Course& course, const WeightRow& weight, const CanarySettings& settings) {
    if (std::abs(weight.achieved - weight.asked) <= settings.max_weight_error) {
        return;
    }
    const auto text = "weight " + percent(weight.asked) + " becomes " + percent(weight.achieved) +
                      " with " + std::to_string(weight.candidate) + " of " +
                      std::to_string(weight.candidate + weight.stable + weight.baseline) + " pods";
    auto& list =
        settings.on_weight_error == WeightErrorPolicy::refuse ? course.refusals : course.notes;
    list.push_back(text + " (max_weight_error " + percent(settings.max_weight_error) + ")");
}

/// A baseline is compared with while both versions serve, so that there is none where one follows
/// the other at once: stable as it was before says more than nobody.
CanarySettings with_useful_baseline(CanarySettings settings) {
    const bool serves_beside = std::ranges::any_of(settings.steps, [](const CanaryStep& step) {
        return step.weight > 0 && step.weight < 100;
    });
    settings.baseline = serves_beside ? settings.baseline : CanaryBaseline::stable;
    return settings;
}

void create_beside(StepList& steps, const CanarySettings& settings) {
    steps.add(CreateCandidate{});
    if (settings.baseline == CanaryBaseline::fresh) {
        steps.add(CreateBaseline{});
    }
}

/// A baseline is on top of the others: nobody counts on it, so it changes no other size.
WeightRow next_weight(
    const Scene& scene, const CanarySettings& settings, int asked, const WeightRow& here
) {
    const auto side = scene.autoscaler ? StableSize::stays : StableSize::shares;
    auto weight = split(scene.replicas, asked, side);
    if (settings.baseline == CanaryBaseline::fresh) {
        weight.baseline = here.baseline > 0 ? here.baseline : weight.candidate;
        const int pods = weight.candidate + weight.stable + weight.baseline;
        weight.achieved = 100.0 * weight.candidate / pods;
    }
    return weight;
}

void go_to_weight(StepList& steps, const WeightRow& from, const WeightRow& to, const Scene& scene) {
    int candidate = from.candidate;
    int stable = from.stable;
    const bool starts_baseline = from.baseline != to.baseline;
    if (starts_baseline) {
        steps.add(Scale{Slot::baseline, to.baseline});
    }
    for (const auto& next : way_between(from, to, scene)) {
        if (next.candidate != candidate) {
            steps.add(Scale{Slot::candidate, next.candidate});
            steps.add(AwaitReady{Slot::candidate, next.candidate});
        }
        if (next.stable != stable) {
            steps.add(Scale{Slot::stable, next.stable});
        }
        candidate = next.candidate;
        stable = next.stable;
    }
    if (starts_baseline) {
        steps.add(AwaitReady{Slot::baseline, to.baseline});
    }
    steps.add(AwaitWeight{to});
}

}  // namespace

Course canary(const Scene& scene, const CanarySettings& wanted) {
    const auto settings = with_useful_baseline(wanted);
    Course course;
    StepList steps;
    prepare(steps, scene);
    create_beside(steps, settings);
    steps.watch(settings.gates);
    WeightRow here{0, 0, scene.replicas, 0};
    Duration last_hold{};
    std::vector<std::string> last_approvals;
    bool is_full = false;
    for (const auto& step : settings.steps) {
        if (!step.approval.empty()) {
            if (is_full) {
                last_approvals.push_back(step.approval);
            } else {
                steps.add(AwaitApproval{step.approval});
            }
            continue;
        }
        if (step.weight >= 100 || is_full) {
            last_hold = is_full ? last_hold : step.hold;
            is_full = true;
            continue;
        }
        if (step.weight <= here.asked) {
            course.refusals.push_back(
                "weight " + percent(step.weight) + " comes after " + percent(here.asked) +
                ": weights must rise, each above 0%"
            );
            continue;
        }
        const auto weight = next_weight(scene, settings, step.weight, here);
        check_weight(course, weight, settings);
        course.weights.push_back(weight);
        steps.stage(std::to_string(step.weight) + "%");
        if (step.weight >= weight_that_scales) {
            move_autoscaler(steps, scene, weight.candidate);
        }
        go_to_weight(steps, here, weight, scene);
        hold_and_pass(steps, {step.hold, settings.early}, settings.gates);
        here = weight;
    }
    steps.stage("100%");
    // Beside a set that an autoscaler owns the candidate may be larger already: while both share
    // the Services, fewer pods would be less traffic.
    const int full = std::max(scene.replicas, here.candidate);
    course.weights.push_back({100, 100, here.stable, full});
    move_autoscaler(steps, scene, full);
    steps.add(Scale{Slot::candidate, full});
    steps.add(AwaitReady{Slot::candidate, full});
    point_services(steps, scene, Pointing::candidate);
    hold_and_pass(steps, {last_hold + settings.keep_old}, settings.gates);
    for (const auto& name : last_approvals) {
        steps.add(AwaitApproval{name});
    }
    fold(steps, scene, settings.baseline);
    course.steps = steps.take();
    return course;
}

}  // namespace deployctl::strategies
