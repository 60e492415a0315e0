// SPDX-License-Identifier: Apache-2.0
#include "gates/budget_gate.hpp"

#include "analysis/wording.hpp"
#include "gates/metric_gate.hpp"

#include <algorithm>

namespace deployctl::gates {

namespace {

using analysis::percent;
using analysis::short_number;

Value counts_value(const analysis::Counts& counts) {
    return Value::map({{"requests", counts.requests}, {"errors", counts.events}});
}

analysis::Counts read_counts(const Value& value) {
    return {value.real("/requests"), value.real("/errors")};
}

/// "99.9" as 0.999.
double ratio_of(double objective) {
    return objective / 100;
}

std::string limits_told() {
    std::string text;
    for (const auto& pair : analysis::usual_windows()) {
        text += (text.empty() ? "" : ", ") + short_number(pair.factor) + "x over " +
                to_text(pair.long_window);
    }
    return text;
}

std::string increase(const std::string& selector, Duration window) {
    const auto whole = std::chrono::duration_cast<seconds>(window).count();
    return "increase(" + selector + "[" + std::to_string(std::max<std::int64_t>(whole, 1)) + "s])";
}

/// Of few requests one error burns any budget, and proves nothing.
bool has_enough_errors(const std::vector<analysis::WindowCounts>& counts) {
    constexpr double least = 5;
    return std::ranges::any_of(counts, [](const analysis::WindowCounts& window) {
        return window.in_short.events >= least;
    });
}

}  // namespace

std::string increase_over(const std::string& selector, Duration window) {
    return "sum(" + increase(selector, window) + ")";
}

std::string increase_by_edge(const std::string& selector, Duration window) {
    return "sum by (le) (" + increase(selector, window) + ")";
}

std::variant<analysis::Counts, std::string> counts_of(
    const MetricAnswer& errors, const MetricAnswer& total
) {
    const auto failed = one_number(errors);
    const auto all = one_number(total);
    if (all.kind != OneNumber::Kind::number) {
        return "of all requests: " + all.text;
    }
    const bool is_none = failed.kind == OneNumber::Kind::none;
    if (!is_none && failed.kind != OneNumber::Kind::number) {
        return "of failed requests: " + failed.text;
    }
    if (is_none && !errors.warnings.empty()) {
        return "of failed requests: only a part has answered: " + errors.warnings.front();
    }
    const double events = is_none ? 0 : failed.value;
    if (all.value < 0 || events < 0) {
        return std::string("counts below zero: its selectors are to be counters");
    }
    return analysis::Counts{all.value, std::min(events, all.value)};  // both are extrapolated
}

Verdict judge(const SloQuestion& question, const std::vector<analysis::WindowCounts>& counts) {
    const auto judged =
        analysis::judge_burn(analysis::usual_windows(), counts, ratio_of(question.objective));
    Value::Array windows;
    for (const auto& [in_long, in_short] : counts) {
        windows.push_back(
            Value::map({{"long", counts_value(in_long)}, {"short", counts_value(in_short)}})
        );
    }
    return {
        judged.answer == Answer::fail && !has_enough_errors(counts) ? Answer::inconclusive
                                                                    : judged.answer,
        "objective " + short_number(question.objective) + "%",
        judged.reason,
        limits_told(),
        Value::map({{"objective", question.objective}, {"windows", std::move(windows)}}),
    };
}

Verdict judge(const ErrorBudgetQuestion& question, const analysis::Counts& counts) {
    Verdict verdict;
    verdict.evidence = Value::map({
        {"objective", question.objective},
        {"counts", counts_value(counts)},
    });
    const auto over = " over " + to_text(question.window);
    verdict.limit = "at least " + percent(question.min_left);
    const auto burnt = analysis::burn_rate(counts, ratio_of(question.objective));
    if (!burnt) {
        verdict.answer = Answer::inconclusive;
        verdict.reason = "no requests" + over;
        return verdict;
    }
    const double left = 1 - *burnt;
    verdict.answer = left >= question.min_left ? Answer::pass : Answer::fail;
    verdict.measured = percent(left) + " of the error budget is left";
    verdict.reason = analysis::told(counts) + " requests failed" + over + ", objective " +
                     short_number(question.objective) + "%";
    return verdict;
}

std::optional<Verdict> judge_stored(const SloQuestion& question, const Value& evidence) {
    std::vector<analysis::WindowCounts> counts;
    for (const auto& window : evidence.items("/windows")) {
        counts.push_back({read_counts(window.at("/long")), read_counts(window.at("/short"))});
    }
    const bool is_whole = counts.size() == analysis::usual_windows().size();
    return is_whole ? std::optional(judge(question, counts)) : std::nullopt;
}

std::optional<Verdict> judge_stored(const ErrorBudgetQuestion& question, const Value& evidence) {
    return evidence.has("/counts")
               ? std::optional(judge(question, read_counts(evidence.at("/counts"))))
               : std::nullopt;
}

Task<WindowAnswer> counts_over(
    Metrics* metrics, MetricsSource source, CounterPair counters, Duration window
) {
    const auto errors_query = increase_over(counters.errors, window);
    const auto total_query = increase_over(counters.total, window);
    const auto errors = co_await metrics->instant(source, errors_query);
    const auto total = co_await metrics->instant(source, total_query);
    co_return counts_of(errors, total);
}

Task<WindowAnswer> CountersOverTime::over(Duration window, Subjects subjects) {
    const auto about = [&](const std::string& selector) {
        return query_about(selector, subjects.names, subjects.candidate, Track::canary);
    };
    const CounterPair counters{about(errors_), about(total_)};
    auto* const metrics = &metrics_;
    auto counts = co_await counts_over(metrics, source_, counters, window);
    if (auto* why = std::get_if<std::string>(&counts)) {
        *why = increase_over(counters.total, window) + ", " + *why;
    }
    co_return counts;
}

Task<Verdict> SloGate::sample(Subjects subjects) {
    std::vector<analysis::WindowCounts> counts;
    for (const auto& pair : analysis::usual_windows()) {
        const auto in_long = co_await counters_.over(pair.long_window, subjects);
        const auto in_short = co_await counters_.over(pair.short_window, subjects);
        for (const auto* window : {&in_long, &in_short}) {
            if (const auto* why = std::get_if<std::string>(window)) {
                co_return no_answer("no counters", *why);
            }
        }
        counts.push_back({std::get<analysis::Counts>(in_long), std::get<analysis::Counts>(in_short)}
        );
    }
    co_return judge(question_, counts);
}

Task<Verdict> ErrorBudgetGate::sample(Subjects subjects) {
    const auto counts = co_await counters_.over(question_.window, subjects);
    if (const auto* why = std::get_if<std::string>(&counts)) {
        co_return no_answer("no counters", *why);
    }
    co_return judge(question_, std::get<analysis::Counts>(counts));
}

}  // namespace deployctl::gates
