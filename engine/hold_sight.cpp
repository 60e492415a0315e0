// SPDX-License-Identifier: Apache-2.0
#include "engine/hold_sight.hpp"

#include "engine/gate_preflight.hpp"
#include "engine/gate_subjects.hpp"
#include "gates/policy.hpp"
#include "gates/slope_gate.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::engine {

namespace {

bool is_watched(const Step& step, const std::string& gate) {
    return std::ranges::count(step.gates, gate) > 0;
}

/// From here on nothing of the old version has traffic.
bool is_of_new_alone(const Action& action) {
    const auto* point = std::get_if<PointService>(&action);
    const auto* write = std::get_if<WriteTemplate>(&action);
    return (point != nullptr && point->to == Pointing::candidate) ||
           (write != nullptr && write->version == Version::next);
}

/// After a switch, or after a rolling update: those in which it serves alone.
std::vector<gates::PlannedHold> holds_alone(const Plan& plan, const std::string& gate) {
    std::vector<gates::PlannedHold> holds;
    bool is_alone = false;
    bool is_warm = false;  // pods of a preview have been there for long
    for (const auto& step : plan.course.steps) {
        if (!is_alone && is_of_new_alone(step.action)) {
            is_alone = true;
            is_warm = std::holds_alternative<PointService>(step.action);
        }
        const auto* hold = std::get_if<Hold>(&step.action);
        if (is_alone && hold != nullptr && is_watched(step, gate)) {
            holds.push_back({step.stage, 1, hold->duration, is_warm});
        }
    }
    return holds;
}

/// Those that the gate watches while both versions have traffic.
std::vector<gates::PlannedHold> holds_beside(const Plan& plan, const std::string& gate) {
    std::vector<gates::PlannedHold> holds;
    for (const auto& step : plan.course.steps) {
        const auto* hold = std::get_if<Hold>(&step.action);
        if (hold == nullptr || !is_watched(step, gate)) {
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

std::vector<gates::PlannedHold> holds_of(const Plan& plan, const std::string& gate) {
    auto beside = holds_beside(plan, gate);
    return beside.empty() ? holds_alone(plan, gate) : beside;
}

/// What a gate on slopes is given until its answer is needed first; at the most, where nothing
/// proven is let pass.
struct GivenTime {
    Duration held{};
    Duration waited{};  ///< on top of it, at the ends of holds, where it decides
    bool is_asked = false;
};

GivenTime time_given(const Plan& plan, const std::string& gate, const GatePolicy& policy) {
    GivenTime given;
    for (const auto& step : plan.course.steps) {
        const auto* hold = std::get_if<Hold>(&step.action);
        if (hold != nullptr && is_watched(step, gate)) {
            given.held += hold->duration;
        }
        const auto* pass = std::get_if<PassGates>(&step.action);
        if (pass != nullptr && std::ranges::count(pass->gates, gate) > 0) {
            given.is_asked = true;
            given.waited += gates::decides(policy) ? policy.hold_at_most : Duration{};
            if (policy.on_inconclusive != OnInconclusive::pass) {
                break;
            }
        }
    }
    return given;
}

const SlopeSettings* slope_of(const GateQuestion& question) {
    if (const auto* trend = std::get_if<TrendQuestion>(&question)) {
        return &trend->slope;
    }
    const auto* leak = std::get_if<LeakQuestion>(&question);
    return leak == nullptr ? nullptr : &leak->slope;
}

void add_if_too_short(PlanSight& all, const Plan& plan, const std::string& name) {
    const auto& gate = plan.gates.at(name);
    const auto* slope = slope_of(gate.question);
    const auto given = time_given(plan, name, gate.policy);
    if (slope == nullptr || !given.is_asked ||
        given.held + given.waited >= gates::least_time(*slope)) {
        return;
    }
    all.cautions.push_back(
        "gate `" + name + "` may never answer: it needs " + gates::least_time_told(*slope) +
        ", and is given " + to_text(given.held) + " of holds and " + to_text(given.waited) +
        " of hold_at_most; write longer holds, or a shorter `resolution` if it is scraped so often"
    );
}

void add(PlanSight& all, const std::string& gate, const gates::GateSight& seen) {
    const auto head = "gate `" + gate + "`";
    for (const auto& sight : seen.holds) {
        all.holds.push_back({gate, sight});
        if (!sight.help.empty()) {
            all.cautions.push_back(head + " " + sight.text + "; " + sight.help);
        }
    }
    for (const auto& never : seen.never) {
        all.cautions.push_back(head + " " + never);
    }
    for (const auto& why : seen.unknown) {
        all.unknown.push_back(head + ": what its holds can see is not known: " + why);
    }
}

}  // namespace

Task<PlanSight> look_ahead(Metrics* metrics, const World* world, Plan plan) {
    PlanSight all;
    for (const auto& [name, gate] : plan.gates) {
        add_if_too_short(all, plan, name);
    }
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
