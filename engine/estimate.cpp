// SPDX-License-Identifier: Apache-2.0
#include "engine/estimate.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

/// A pod is scheduled, its container made, and the first probe answered.
constexpr Duration pod_start = seconds(3);

Duration probe_delay(const Value& container) {
    return seconds(
        container.number("/startupProbe/initialDelaySeconds") +
        container.number("/readinessProbe/initialDelaySeconds")
    );
}

Duration time_to_ready(const Plan& plan) {
    Duration slowest{};
    for (const auto& container : plan.release.pod_template.items("/spec/containers")) {
        slowest = std::max(slowest, probe_delay(container));
    }
    return pod_start + slowest + seconds(plan.snapshot.workload.number("/spec/minReadySeconds"));
}

/// The Deployment's controller replaces so many pods at a time as it may.
int waves_of(const Scene& scene, int replicas) {
    const int at_once = std::max(1, scene.max_surge + scene.max_unavailable);
    return (replicas + at_once - 1) / at_once;
}

/// Walks the steps, and keeps in mind whether stable's pods have to be replaced.
struct Walker {
    const Plan& plan;
    Estimate sum = {};
    bool replaces_stable = false;

    void operator()(const Hold& action) { sum.holds += action.duration; }

    void operator()(const Drain& action) { sum.drains += action.duration; }

    void operator()(const WriteTemplate&) { replaces_stable = true; }

    void operator()(const AwaitReady& action) {
        const auto replicas = action.replicas.value_or(plan.scene.replicas);
        const bool is_replaced = action.slot == Slot::stable && replaces_stable;
        const int waves = is_replaced ? waves_of(plan.scene, replicas) : std::min(replicas, 1);
        sum.pods += waves * time_to_ready(plan);
        replaces_stable = replaces_stable && !is_replaced;
    }

    void operator()(const PassGates& action) {
        Duration slowest{};
        for (const auto& name : action.gates) {
            const auto found = plan.gates.find(name);
            const auto policy = found == plan.gates.end() ? GatePolicy{} : found->second.policy;
            slowest = std::max(slowest, (policy.pass_after - 1) * policy.every);
        }
        sum.gates += slowest;
    }

    /// A write, or a look: too short to count.
    template <class Other>
    void operator()(const Other&) {}
};

}  // namespace

Estimate estimate_of(const Plan& plan, const std::vector<Step>& steps) {
    Walker walker{plan};
    for (const auto& step : steps) {
        std::visit(walker, step.action);
    }
    return walker.sum;
}

}  // namespace deployctl::engine
