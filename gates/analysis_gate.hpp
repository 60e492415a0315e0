// SPDX-License-Identifier: Apache-2.0
// Live traffic of the canary against stable's beside it, and before it in the last ten minutes:
// counters of pods become what was counted since the look before, and every look adds to the
// evidence of the whole rollout, whatever step it falls into (comparison.hpp). Errors are one test,
// each edge of the latency (latency.hpp) another, and the worst of them decides. The edges are
// chosen at the first look that can, and stand in the evidence from then on, so that another runner
// keeps them. Remembers a few numbers a pod.
#pragma once

#include "analysis/counters.hpp"
#include "gates/analysis_tests.hpp"
#include "gates/gate.hpp"

#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

namespace deployctl::gates {

/// What the source says of each series, by the pod and its other labels: a series that goes away
/// takes nothing from the others of its pod. Or why it cannot be said.
using SeriesNumbers = std::map<std::string, double>;
std::variant<SeriesNumbers, std::string> by_series(const MetricAnswer& answer);

class AnalysisGate final : public Gate {
public:
    AnalysisGate(const Sources& sources, AnalysisQuestion question);

    Task<Verdict> sample(Subjects subjects) override;

    bool remembers() const override { return true; }

    void recall(const Value& evidence) override { tests_.recall(evidence); }

private:
    /// What one look has read; of what is not asked for, nothing.
    struct Reading {
        Gains errors;
        PodHistograms buckets;
        std::string failure = {};  ///< then there is no look
    };

    Task<Reading> read_errors(Subjects subjects);
    Task<Reading> read_buckets(Subjects subjects);
    Task<Gains> read_past_errors(Subjects subjects);
    Task<PodHistograms> read_past_buckets(Subjects subjects);
    Task<MetricAnswer> ask_the_past(std::string selector, Subjects subjects);
    std::variant<Gains, std::string> gains_of(
        const SeriesNumbers& errors, const SeriesNumbers& total
    );
    Subjects warm(Subjects subjects);
    /// What is wrong with them; nothing where all is well.
    std::optional<Trouble> fix_edges(const SeriesHistograms& readings, const Subjects& subjects);
    Verdict take(const Subjects& subjects, const Reading& reading);

    /// Who is asked, as whom, and when.
    struct Asked {
        Metrics& metrics;
        MetricsSource source;
        Clock& clock;
    };

    /// How often the past may still be asked for.
    struct Tries {
        int errors = 3;
        int buckets = 3;
    };

    Asked asked_;
    Tries past_tries_;
    AnalysisQuestion question_;

    std::set<std::string> counted_;  ///< pods of an earlier look

    /// When each pod was seen first; of stable's only such as are as young as the candidate.
    struct FirstSeen {
        std::map<std::string, BootTime> candidate;
        std::map<std::string, BootTime> stable;
    } since_;

    struct Books {
        analysis::CounterBook errors;
        analysis::CounterBook total;
        HistogramBook buckets;
    } books_;

    AnalysisTests tests_;

    /// What was proven at another weight is no proof of this one.
    struct Present {
        BootTime since;  ///< of the wait
        std::string stage;
    } present_;
};

}  // namespace deployctl::gates
