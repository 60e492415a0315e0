// SPDX-License-Identifier: Apache-2.0
#include "engine/planned_gates.hpp"

#include "model/error.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

constexpr std::string_view preview_stage = "preview";

template <class Which>
void erase_watched(Step& step, const Which& which) {
    std::erase_if(step.gates, which);
}

template <class Which>
void erase_waited_for(Step& step, const Which& which) {
    if (auto* pass = std::get_if<PassGates>(&step.action)) {
        std::erase_if(pass->gates, which);
    }
}

/// Of a gate with settings; what deployctl asks by itself has none.
auto named(const Plan& plan, bool (*is_such)(const GateQuestion&)) {
    return [&plan, is_such](const std::string& name) {
        const auto gate = plan.gates.find(name);
        return gate != plan.gates.end() && is_such(gate->second.question);
    };
}

bool is_sequential(const GateQuestion& question) {
    return std::holds_alternative<AnalysisQuestion>(question);
}

bool needs_traffic_at_once(const GateQuestion& question) {
    return needs_traffic(question) && !is_sequential(question);
}

/// Before the switch of a blue-green rollout the new version gets no traffic that could prove
/// anything; what asks about it is asked after. The sequential test may watch: stable's traffic of
/// that time is its baseline.
void ask_about_traffic_later(Plan& plan) {
    if (plan.strategy != StrategyKind::blue_green) {
        return;
    }
    for (auto& step : plan.course.steps) {
        if (step.stage == preview_stage) {
            erase_watched(step, named(plan, needs_traffic_at_once));
            erase_waited_for(step, named(plan, needs_traffic));
        }
    }
}

/// Once the Services have left stable's pods, nothing serves beside the new version; and while a
/// Deployment's own controller rolls, for how long is not ours to say.
void compare_only_beside(Plan& plan) {
    const auto& steps = plan.course.steps;
    bool is_beside = std::ranges::any_of(steps, [](const Step& step) {
        return std::holds_alternative<CreateCandidate>(step.action);
    });
    for (auto& step : plan.course.steps) {
        const auto* point = std::get_if<PointService>(&step.action);
        is_beside = is_beside && (point == nullptr || point->to != Pointing::candidate);
        if (!is_beside) {
            erase_watched(step, named(plan, compares_only_beside));
            erase_waited_for(step, named(plan, compares_only_beside));
        }
    }
}

void drop_empty_waits(Course& course) {
    std::erase_if(course.steps, [](const Step& step) {
        const auto* pass = std::get_if<PassGates>(&step.action);
        return pass != nullptr && pass->gates.empty();
    });
}

/// alpha is the rollout's: each of its sequential tests has its part, also each edge of a latency.
void split_alpha(GatesByName& gates) {
    int tests = 0;
    for (const auto& [name, gate] : gates) {
        tests += tests_in(gate.question);
    }
    for (auto& [name, gate] : gates) {
        if (auto* alpha = alpha_of(gate.question)) {
            *alpha /= std::max(1, tests);
        }
    }
}

std::vector<std::string> gates_named_in(const Step& step) {
    auto names = step.gates;
    if (const auto* pass = std::get_if<PassGates>(&step.action)) {
        names.insert(names.end(), pass->gates.begin(), pass->gates.end());
    }
    return names;
}

/// A hold ends early by a sequential test's proof alone.
void doubt_early_ends(Plan& plan) {
    for (const auto& step : plan.course.steps) {
        const auto* hold = std::get_if<Hold>(&step.action);
        const bool can_prove = std::ranges::any_of(step.gates, named(plan, is_sequential));
        if (hold != nullptr && hold->early && !can_prove) {
            plan.course.notes.push_back(
                "`early` ends no hold: no gate of method sequential is asked, and only such a one "
                "can prove a version good"
            );
            return;
        }
    }
}

void refuse_what_is_never_asked(Plan& plan) {
    for (const auto& [name, gate] : plan.gates) {
        const bool is_asked = std::ranges::any_of(plan.course.steps, [&](const Step& step) {
            const auto names = gates_named_in(step);
            return std::ranges::count(names, name) > 0;
        });
        if (!is_asked) {
            plan.course.refusals.push_back(
                "gate `" + name +
                "` compares with pods of the version before that serve beside the new ones, and "
                "no step of this plan has both: use the strategy canary, or another method "
                "(sequential, trend, exhaustion)"
            );
        }
    }
}

/// The texts of a question that may be names in `queries`.
struct NamedQueries {
    std::vector<std::string*> operator()(MetricQuestion& question) const {
        return {&question.query};
    }

    std::vector<std::string*> operator()(TrendQuestion& question) const {
        return {&question.slope.query};
    }

    std::vector<std::string*> operator()(LeakQuestion& question) const {
        return {&question.slope.query};
    }

    std::vector<std::string*> operator()(ExhaustionQuestion& question) const {
        return {&question.query, &question.limit_query};
    }

    std::vector<std::string*> operator()(MannWhitneyQuestion& question) const {
        return {&question.query};
    }

    std::vector<std::string*> operator()(auto&) const { return {}; }
};

}  // namespace

void use_gates(Plan& plan, const Configuration& configuration) {
    for (const auto& step : plan.course.steps) {
        for (const auto& name : gates_named_in(step)) {
            const auto gate = configuration.gates.find(name);
            if (gate != configuration.gates.end()) {
                plan.gates[name] = with_named_query(gate->second, configuration.queries);
            } else if (name != version_gate) {
                throw Error(ExitCode::usage, "no gate `" + name + "` is configured");
            }
        }
    }
    const bool needs_source = std::ranges::any_of(plan.gates, [](const auto& gate) {
        return asks_metrics(gate.second.question);
    });
    if (needs_source) {
        plan.metrics = metrics_source(configuration);
    }
    split_alpha(plan.gates);
    ask_about_traffic_later(plan);
    compare_only_beside(plan);
    drop_empty_waits(plan.course);
    refuse_what_is_never_asked(plan);
    doubt_early_ends(plan);
}

GateSettings with_named_query(
    GateSettings gate, const std::map<std::string, std::string>& queries
) {
    for (auto* query : std::visit(NamedQueries{}, gate.question)) {
        const auto named = queries.find(*query);
        *query = named == queries.end() ? *query : named->second;
    }
    return gate;
}

}  // namespace deployctl::engine
