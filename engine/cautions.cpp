// SPDX-License-Identifier: Apache-2.0
#include "engine/cautions.hpp"

#include "engine/conditions.hpp"
#include "engine/release.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

constexpr auto grace_period = "/spec/terminationGracePeriodSeconds";
constexpr std::int64_t usual_grace_period = 30;

bool has_stop_hook(const Value& pod_template) {
    return std::ranges::any_of(pod_template.items("/spec/containers"), [](const Value& container) {
        return container.has("/lifecycle/preStop");
    });
}

void look_at_probes(const Plan& plan, std::vector<std::string>& found) {
    const auto& pod_template = plan.release.pod_template;
    const auto container = container_pointer(pod_template, plan.container);
    if (!plan.scene.services.empty() && !pod_template.has(container + "/readinessProbe")) {
        found.push_back(
            "container " + plan.container +
            " has no readiness probe: its Services send it requests before it is ready"
        );
    }
}

void look_at_stopping(const Plan& plan, std::vector<std::string>& found) {
    const auto& pod_template = plan.release.pod_template;
    const bool is_killed = pod_template.number(grace_period, usual_grace_period) == 0;
    if (is_killed && !has_stop_hook(pod_template)) {
        found.push_back(
            "pods of " + plan.workload +
            " have no time to stop (terminationGracePeriodSeconds 0, no preStop hook): each that "
            "goes takes its open requests along"
        );
    }
}

bool covers(const DisruptionBudget& budget, const Labels& labels) {
    return !budget.selector.empty() && !budget.has_expressions &&
           std::ranges::all_of(budget.selector, [&](const auto& wanted) {
               const auto label = labels.find(wanted.first);
               return label != labels.end() && label->second == wanted.second;
           });
}

void look_at_budgets(const World& world, const Plan& plan, std::vector<std::string>& found) {
    const auto labels = read_labels(plan.release.pod_template.at("/metadata/labels"));
    const int planned = size_of(plan, Version::next);
    for (const auto& budget : world.disruption_budgets) {
        const int wanted = resolve_share(budget.min_available, planned, Rounding::up);
        if (wanted > planned && covers(budget, labels)) {
            found.push_back(
                "PodDisruptionBudget/" + budget.meta.name + " wants " + std::to_string(wanted) +
                " available pods of " + plan.workload + ", which is planned with " +
                std::to_string(planned) + ": it cannot be met, and none of them can be evicted"
            );
        }
    }
}

}  // namespace

std::vector<std::string> cautions(const World& world, const Plan& plan) {
    std::vector<std::string> found;
    look_at_probes(plan, found);
    look_at_stopping(plan, found);
    look_at_budgets(world, plan, found);
    return found;
}

}  // namespace deployctl::engine
