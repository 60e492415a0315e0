// SPDX-License-Identifier: Apache-2.0
// All tests of one analysis gate and what they have counted so far: errors are one, each edge of
// the latency another, and the worst of them decides. What they are told comes from the gate, or
// from the evidence of a look that was stored, in which case a verdict can be judged anew without
// anybody to ask. A value; one owner.
#pragma once

#include "gates/comparison.hpp"
#include "gates/latency.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::gates {

/// `max`: the rate that passes by itself.
analysis::RateSettings settings_of(const AnalysisQuestion& question, double max);
/// "1.5x stable's rate, or 2%"
std::string limit_told(double max_ratio, double max);

class AnalysisTests {
public:
    explicit AnalysisTests(AnalysisQuestion question);

    bool asks_errors() const { return errors_.has_value(); }

    bool has_edges() const { return !slow_.empty(); }

    void keep_edges(const std::vector<double>& edges);
    /// One look; nothing is added where a pod lacks a bucket.
    std::optional<Trouble> take(
        const Subjects& subjects, const Gains& errors, const PodHistograms& buckets
    );
    /// An earlier look, by its evidence.
    void recall(const Value& evidence);

    Verdict judge() const;
    /// The last look, and what it has proven so far.
    Value evidence() const;

    /// Nothing is known of stable by this yet.
    bool wants_past_errors() const;
    bool wants_past_latency() const;
    /// From now on `are_surely_good` goes by what comes.
    void begin_wait();
    void begin_stage();
    /// All of them that are asked for.
    bool are_surely_good() const;

private:
    struct Test {
        Comparison comparison;
        std::optional<analysis::Look> when_sure =
            std::nullopt;  ///< all that was counted until then
    };

    /// Requests above one edge.
    struct Slow {
        double edge = 0;
        Test test;
    };

    struct Candidate;

    std::vector<Candidate> candidates() const;
    double alpha_of_each() const;

    /// Latency is asked for, and by which edges is not known yet.
    bool lacks_edges() const { return !question_.buckets.empty() && slow_.empty(); }

    std::vector<const Comparison*> comparisons() const;
    void note_when_sure();
    static void note_when_sure(Test& test, double alpha);

    AnalysisQuestion question_;
    std::optional<Test> errors_;
    std::vector<Slow> slow_;  ///< none before the edges are chosen
};

/// It says what was counted in a look.
bool has_look(const Value& evidence);

}  // namespace deployctl::gates
