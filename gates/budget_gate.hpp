// SPDX-License-Identifier: Apache-2.0
// The error budget of an objective, by what counters gained over windows that end now: how fast it
// is spent (`slo`, analysis/burn_rate.hpp), and how much of it is left (`error-budget`). Without
// requests nothing is proven; a source that says nothing sensible is no answer. The judging is
// pure.
#pragma once

#include "analysis/burn_rate.hpp"
#include "gates/gate.hpp"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace deployctl::gates {

/// `sum(increase(errors[3600s]))`
std::string increase_over(const std::string& selector, Duration window);
/// Of a histogram: `sum by (le) (increase(buckets[300s]))`
std::string increase_by_edge(const std::string& selector, Duration window);

/// Of one window: errors that nobody has counted are none; requests that nobody has are no answer.
std::variant<analysis::Counts, std::string> counts_of(
    const MetricAnswer& errors, const MetricAnswer& total
);

Verdict judge(const SloQuestion& question, const std::vector<analysis::WindowCounts>& counts);
Verdict judge(const ErrorBudgetQuestion& question, const analysis::Counts& counts);
/// Anew, by the evidence that was stored; nothing where that is not enough.
std::optional<Verdict> judge_stored(const SloQuestion& question, const Value& evidence);
std::optional<Verdict> judge_stored(const ErrorBudgetQuestion& question, const Value& evidence);

/// What one window's counters are.
using WindowAnswer = std::variant<analysis::Counts, std::string>;

/// Selectors of counters, with every name filled in.
struct CounterPair {
    std::string errors;
    std::string total;
};

Task<WindowAnswer> counts_over(
    Metrics* metrics, MetricsSource source, CounterPair counters, Duration window
);

class CountersOverTime {
public:
    CountersOverTime(const Sources& sources, std::string errors, std::string total)
        : metrics_(sources.outside.metrics),
          source_(sources.metrics_source),
          errors_(std::move(errors)),
          total_(std::move(total)) {}

    Task<WindowAnswer> over(Duration window, Subjects subjects);

private:
    Metrics& metrics_;
    MetricsSource source_;
    std::string errors_;
    std::string total_;
};

class SloGate final : public Gate {
public:
    SloGate(const Sources& sources, const SloQuestion& question)
        : counters_(sources, question.errors, question.total), question_(question) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    CountersOverTime counters_;
    SloQuestion question_;
};

class ErrorBudgetGate final : public Gate {
public:
    ErrorBudgetGate(const Sources& sources, const ErrorBudgetQuestion& question)
        : counters_(sources, question.errors, question.total), question_(question) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    CountersOverTime counters_;
    ErrorBudgetQuestion question_;
};

}  // namespace deployctl::gates
