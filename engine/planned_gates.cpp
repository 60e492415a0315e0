// SPDX-License-Identifier: Apache-2.0
#include "engine/planned_gates.hpp"

#include "model/error.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

constexpr std::string_view preview_stage = "preview";

/// Before the switch of a blue-green rollout the new version gets no traffic that could prove
/// anything; what asks about it is asked after.
void ask_about_traffic_later(Plan& plan) {
    if (plan.strategy != StrategyKind::blue_green) {
        return;
    }
    const auto is_about_traffic = [&](const std::string& name) {
        const auto gate = plan.gates.find(name);
        return gate != plan.gates.end() && needs_traffic(gate->second.question);
    };
    // The sequential test may watch: stable's traffic of that time is its baseline.
    const auto compares_with_an_idle_one = [&](const std::string& name) {
        return is_about_traffic(name) &&
               !std::holds_alternative<AnalysisQuestion>(plan.gates.at(name).question);
    };
    for (auto& step : plan.course.steps) {
        if (step.stage != preview_stage) {
            continue;
        }
        std::erase_if(step.gates, compares_with_an_idle_one);
        if (auto* pass = std::get_if<PassGates>(&step.action)) {
            std::erase_if(pass->gates, is_about_traffic);
        }
    }
    std::erase_if(plan.course.steps, [](const Step& step) {
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
