// SPDX-License-Identifier: Apache-2.0
// Live traffic of the canary against stable's beside it, by the sequential test of
// analysis/rate_test.hpp: counters of pods become what was counted since the look before, and every
// look adds to the evidence of the whole rollout, whatever step it falls into. Where stable gets no
// traffic any more (weight 100, after a switch), what it had before is a frozen baseline; half of
// alpha is each test's. With nothing to compare with, the rate that passes by itself is also the
// one above which it fails. Remembers a few numbers a pod.
#pragma once

#include "analysis/counters.hpp"
#include "analysis/dispersion.hpp"
#include "analysis/frozen_baseline.hpp"
#include "analysis/rate_test.hpp"
#include "gates/gate.hpp"

#include <map>
#include <optional>
#include <variant>

namespace deployctl::gates {

/// What the source says of each pod, summed over its series; or why it cannot be said.
using PodNumbers = std::map<std::string, double>;
std::variant<PodNumbers, std::string> by_pod(const MetricAnswer& answer);

class AnalysisGate final : public Gate {
public:
    AnalysisGate(const Sources& sources, AnalysisQuestion question);

    Task<Verdict> sample(Subjects subjects) override;

    bool remembers() const override { return true; }

    void recall(const Value& evidence) override;

private:
    /// What each pod gained since the look before.
    using Gains = std::map<std::string, analysis::Counts>;

    /// One version's side of the comparison.
    struct SideSoFar {
        Gains totals;  ///< by pod
        analysis::Clumps clumps;
    };

    Gains gains_of(const PodNumbers& errors, const PodNumbers& total);
    analysis::Counts add(SideSoFar& side, const Gains& gains, const std::vector<std::string>& pods);
    Verdict take(const Subjects& subjects, const Gains& gains);
    void compare(const analysis::Look& look, double widening);
    analysis::Judgement judgement() const;
    Verdict judge(const analysis::Look& look) const;

    /// Who is asked, and as whom.
    struct Asked {
        Metrics& metrics;
        MetricsSource source;
    };

    Asked asked_;
    AnalysisQuestion question_;
    analysis::RateSettings settings_;

    struct Books {
        analysis::CounterBook errors;
        analysis::CounterBook total;
    } books_;

    std::optional<BootTime> first_;  ///< look at the canary
    SideSoFar canary_;
    SideSoFar stable_;
    analysis::RateTest test_;
    std::optional<analysis::FrozenTest> frozen_;
};

}  // namespace deployctl::gates
