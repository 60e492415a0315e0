// SPDX-License-Identifier: Apache-2.0
#include "engine/hold_sight.hpp"

#include "engine/gate_preflight.hpp"
#include "engine/gate_subjects.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::engine {

namespace {

/// Those that the gate watches while both versions have traffic.
std::vector<gates::PlannedHold> holds_of(const Plan& plan, const std::string& gate) {
    std::vector<gates::PlannedHold> holds;
    for (const auto& step : plan.course.steps) {
        const auto* hold = std::get_if<Hold>(&step.action);
        if (hold == nullptr || std::ranges::count(step.gates, gate) == 0) {
            continue;
        }
        for (const auto& row : plan.course.weights) {
            if (step.stage == std::to_string(row.asked) + "%" && row.achieved < 100) {
                holds.push_back({step.stage, row.achieved / 100, hold->duration});
            }
        }
    }
    return holds;
}

void add(PlanSight& all, const std::string& gate, const gates::GateSight& seen) {
    const auto head = "gate `" + gate + "`";
    for (const auto& sight : seen.holds) {
        all.holds.push_back({gate, sight});
        if (!sight.help.empty()) {
            all.cautions.push_back(head + " " + sight.text + "; " + sight.help);
        }
    }
    for (const auto& why : seen.unknown) {
        all.unknown.push_back(head + ": what its holds can see is not known: " + why);
    }
}

}  // namespace

Task<PlanSight> look_ahead(Metrics* metrics, const World* world, Plan plan) {
    PlanSight all;
    if (!plan.metrics) {
        co_return all;
    }
    const gates::SightSource source{
        *metrics, *plan.metrics, names_of(plan), pods_now(plan, *world)
    };
    for (const auto& [name, gate] : plan.gates) {
        const auto* question = std::get_if<AnalysisQuestion>(&gate.question);
        const auto holds = holds_of(plan, name);
        if (question != nullptr && !holds.empty() && !plan.baseline.empty()) {
            // The share of the traffic that both sides of the comparison get says less than that of
            // the candidate alone.
            all.unknown.push_back(
                "gate `" + name +
                "`: what its holds can see beside a fresh baseline is not computed"
            );
        } else if (question != nullptr && !holds.empty()) {
            const auto asked = *question;
            const auto seen = co_await gates::look_ahead(source, asked, holds);
            add(all, name, seen);
        }
    }
    co_return all;
}

}  // namespace deployctl::engine
