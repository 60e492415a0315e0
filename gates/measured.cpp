// SPDX-License-Identifier: Apache-2.0
#include "gates/measured.hpp"

#include "gates/latency.hpp"

#include <cmath>

namespace deployctl::gates {

namespace {

using Bad = Measured::Bad;
using Unit = Measured::Unit;
using Numbers = std::vector<Measured>;

std::optional<double> above_nothing(double limit) {
    return limit > 0 ? std::optional(limit) : std::nullopt;
}

/// One of `events` a request, where there were any.
void add_rate(Numbers& numbers, const Value& counts, Measured measured, const Pointer& events) {
    const double requests = counts.real("/requests");
    if (requests > 0) {
        measured.value = counts.real(events) / requests;
        measured.unit = Unit::share;
        numbers.push_back(std::move(measured));
    }
}

/// What both versions did in a look.
void add_look(Numbers& numbers, const Value& look, const std::string& suffix, double max) {
    add_rate(numbers, look.at("/canary"), {"canary" + suffix, 0, above_nothing(max)}, "/events");
    add_rate(numbers, look.at("/stable"), {"stable" + suffix, 0, std::nullopt}, "/events");
}

void add_number(Numbers& numbers, const Value& at, Measured measured) {
    const double number = at.real("", std::nan(""));
    if (std::isfinite(number)) {
        measured.value = number;
        numbers.push_back(std::move(measured));
    }
}

const Value& last_of(const Value& list) {
    static const Value nothing;
    return list.items().empty() ? nothing : list.items().back();
}

struct Reader {
    const Value& evidence;

    Numbers operator()(const HttpQuestion& question) const {
        Numbers numbers;
        add_rate(numbers, evidence, {"failed", 0, question.max_errors}, "/failed");
        return numbers;
    }

    Numbers operator()(const MetricQuestion& question) const {
        Numbers numbers;
        const auto limit = question.max ? question.max : question.min;
        const auto bad = question.max ? Bad::above : Bad::below;
        add_number(numbers, evidence.at("/series/0/number"), {"", 0, limit, Unit::number, bad});
        add_number(numbers, evidence.at("/stable/0/number"), {"stable", 0, std::nullopt});
        return numbers;
    }

    Numbers operator()(const AnalysisQuestion& question) const {
        Numbers numbers;
        add_look(numbers, evidence, "", question.max);
        for (const auto& look : evidence.items("/latency")) {
            add_look(numbers, look, " above " + edge_told(look.real("/edge")), question.max_slow);
        }
        return numbers;
    }

    Numbers operator()(const TrendQuestion& /*question*/) const { return last_samples(); }

    Numbers operator()(const LeakQuestion& /*question*/) const { return last_samples(); }

    Numbers operator()(const ExhaustionQuestion& /*question*/) const {
        Numbers numbers;
        const auto limit = evidence.real("/limit", std::nan(""));
        const auto told = std::isfinite(limit) ? std::optional(limit) : std::nullopt;
        add_number(numbers, last_of(evidence.at("/values")), {"", 0, told});
        return numbers;
    }

    Numbers operator()(const MannWhitneyQuestion& question) const {
        Numbers numbers;
        const double limit = question.pass_score;
        add_number(numbers, evidence.at("/score"), {"score", 0, limit, Unit::number, Bad::below});
        return numbers;
    }

    Numbers operator()(const SloQuestion& /*question*/) const {
        Numbers numbers;
        add_rate(numbers, evidence.at("/windows/0/short"), {"failed", 0, std::nullopt}, "/errors");
        return numbers;
    }

    Numbers operator()(const ErrorBudgetQuestion& question) const {
        Numbers numbers;
        const double promised = 1 - question.objective / 100;
        add_rate(numbers, evidence.at("/counts"), {"left", 0, question.min_left}, "/errors");
        for (auto& one : numbers) {
            one.bad = Bad::below;
            one.value = 1 - one.value / promised;
        }
        return numbers;
    }

    Numbers operator()(const AlertsQuestion& /*question*/) const {
        Numbers numbers;
        add_number(numbers, evidence.at("/firing"), {"firing", 0, 0.0});
        return numbers;
    }

    Numbers operator()(const auto& /*question*/) const { return {}; }

private:
    Numbers last_samples() const {
        const auto& block = last_of(evidence.at("/blocks"));
        Numbers numbers;
        add_number(numbers, last_of(block.at("/canary")), {"canary", 0, std::nullopt});
        add_number(numbers, last_of(block.at("/stable")), {"stable", 0, std::nullopt});
        return numbers;
    }
};

}  // namespace

std::vector<Measured> measured_in(const GateQuestion& question, const Value& evidence) {
    auto numbers = std::visit(Reader{evidence}, question);
    std::erase_if(numbers, [](const Measured& one) { return !std::isfinite(one.value); });
    return numbers;
}

}  // namespace deployctl::gates
