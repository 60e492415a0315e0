// SPDX-License-Identifier: Apache-2.0
#include "gates/analysis_tests.hpp"

#include "analysis/power.hpp"
#include "analysis/wording.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace deployctl::gates {

namespace {

std::string whole(double number) {
    return std::to_string(std::llround(std::ceil(std::min(number, 1e15))));
}

Verdict nothing_yet(std::string reason, Value evidence) {
    return {Answer::inconclusive, std::move(reason), "", "", std::move(evidence)};
}

/// The larger, the worse.
int badness(Answer answer) {
    switch (answer) {
        case Answer::pass: return 0;
        case Answer::inconclusive: return 1;
        case Answer::error: return 2;
        case Answer::fail: return 3;
    }
    return 2;
}

/// How soon a test side by side has aborted, beside what no test could do without; empty where it
/// has not.
std::string how_soon(const std::optional<analysis::Look>& when_sure, double alpha) {
    if (!when_sure) {
        return "";
    }
    const auto bound = analysis::wald_requests(when_sure->canary, when_sure->baseline, alpha);
    const auto text =
        "; aborted after " + whole(when_sure->canary.requests) + " requests of the canary";
    return !bound ? text
                  : text + "; no test with these error probabilities needs fewer than about " +
                        whole(*bound) + " on average (Wald)";
}

}  // namespace

analysis::RateSettings settings_of(const AnalysisQuestion& question, double max) {
    analysis::RateSettings settings;
    settings.alpha = question.alpha;
    settings.max_ratio = question.max_ratio;
    settings.max = max;
    settings.min_samples = question.min_samples;
    return settings;
}

std::string limit_told(double max_ratio, double max) {
    return analysis::short_number(max_ratio) + "x stable's rate" +
           (max > 0 ? ", or " + analysis::percent(max) : "");
}

/// One of the tests, for the choice of the worst.
struct AnalysisTests::Candidate {
    analysis::Judgement judged;
    std::string measured;
    std::string limit;
    double log_evidence = 0;
    std::string how_soon;
};

AnalysisTests::AnalysisTests(AnalysisQuestion question) : question_(std::move(question)) {
    if (!question_.errors.empty()) {
        errors_.emplace(Test{Comparison(settings_of(question_, question_.max))});
    }
}

void AnalysisTests::keep_edges(const std::vector<double>& edges) {
    for (const double edge : edges) {
        slow_.push_back({edge, {Comparison(settings_of(question_, question_.max_slow))}});
    }
}

std::optional<Trouble> AnalysisTests::take(
    const Subjects& subjects, const Gains& errors, const PodHistograms& buckets
) {
    std::vector<Gains> of_edges;
    for (const auto& slow : slow_) {
        auto gains = slow_ones(buckets, slow.edge);
        if (const auto* trouble = std::get_if<Trouble>(&gains)) {
            return *trouble;
        }
        of_edges.push_back(std::get<Gains>(std::move(gains)));
    }
    for (std::size_t i = 0; i < slow_.size(); ++i) {
        slow_[i].test.comparison.take(subjects, of_edges[i]);
    }
    if (errors_) {
        errors_->comparison.take(subjects, errors);
    }
    note_when_sure();
    return std::nullopt;
}

/// Half of it is for when stable is gone (comparison.hpp).
double AnalysisTests::alpha_of_each() const {
    return question_.alpha / 2;
}

/// A gate that decides nothing goes on counting.
void AnalysisTests::note_when_sure() {
    if (errors_) {
        note_when_sure(*errors_, alpha_of_each());
    }
    for (auto& slow : slow_) {
        note_when_sure(slow.test, alpha_of_each());
    }
}

void AnalysisTests::note_when_sure(Test& test, double alpha) {
    const auto& comparison = test.comparison;
    if (!test.when_sure && comparison.log_evidence() >= -std::log(alpha)) {
        test.when_sure = comparison.compared();
    }
}

std::vector<AnalysisTests::Candidate> AnalysisTests::candidates() const {
    std::vector<Candidate> all;
    if (errors_) {
        const auto& [comparison, when_sure] = *errors_;
        all.push_back({
            comparison.judgement(),
            "canary " + analysis::told(comparison.canary()) + ", stable " +
                analysis::told(comparison.stable()),
            limit_told(question_.max_ratio, question_.max),
            comparison.log_evidence(),
            how_soon(when_sure, alpha_of_each()),
        });
    }
    for (const auto& [edge, test] : slow_) {
        const auto& [comparison, when_sure] = test;
        all.push_back({
            comparison.judgement(),
            slow_told(comparison, edge),
            limit_told(question_.max_ratio, question_.max_slow),
            comparison.log_evidence(),
            how_soon(when_sure, alpha_of_each()),
        });
    }
    return all;
}

Verdict AnalysisTests::judge() const {
    const auto all = candidates();
    const auto worst = std::ranges::max_element(all, {}, [](const Candidate& one) {
        return std::pair(badness(one.judged.answer), one.log_evidence);
    });
    if (worst == all.end() || (lacks_edges() && worst->judged.answer != Answer::fail)) {
        return nothing_yet("stable has had no requests by which edges could be chosen", evidence());
    }
    const auto reason = worst->judged.finding + worst->how_soon;
    return {worst->judged.answer, reason, worst->measured, worst->limit, evidence()};
}

Value AnalysisTests::evidence() const {
    auto told = errors_ ? errors_->comparison.evidence() : Value::map();
    Value::Array edges;
    for (const auto& [edge, test] : slow_) {
        auto look = test.comparison.evidence();
        look.set("/edge", edge);
        edges.push_back(std::move(look));
    }
    if (!question_.buckets.empty()) {
        told.set("/latency", std::move(edges));
    }
    return told;
}

std::vector<const Comparison*> AnalysisTests::comparisons() const {
    std::vector<const Comparison*> all;
    if (errors_) {
        all.push_back(&errors_->comparison);
    }
    for (const auto& slow : slow_) {
        all.push_back(&slow.test.comparison);
    }
    return all;
}

bool AnalysisTests::wants_past_errors() const {
    return errors_ && !errors_->comparison.knows_stable();
}

bool AnalysisTests::wants_past_latency() const {
    return !question_.buckets.empty() && std::ranges::none_of(slow_, [](const Slow& slow) {
        return slow.test.comparison.knows_stable();
    });
}

void AnalysisTests::begin_wait() {
    if (errors_) {
        errors_->comparison.begin_wait();
    }
    for (auto& slow : slow_) {
        slow.test.comparison.begin_wait();
    }
}

void AnalysisTests::begin_stage() {
    if (errors_) {
        errors_->comparison.begin_stage();
    }
    for (auto& slow : slow_) {
        slow.test.comparison.begin_stage();
    }
}

bool AnalysisTests::are_surely_good() const {
    const auto all = comparisons();
    return !lacks_edges() && !all.empty() &&
           std::ranges::all_of(all, [](const auto* one) { return one->is_surely_good(); });
}

void AnalysisTests::recall(const Value& evidence) {
    if (errors_ && evidence.has("/canary")) {
        errors_->comparison.recall(evidence);
    }
    const auto& looks = evidence.items("/latency");
    if (slow_.empty()) {
        std::vector<double> edges;
        for (const auto& look : looks) {
            edges.push_back(look.real("/edge"));
        }
        keep_edges(edges);
    }
    for (const auto& look : looks) {
        const auto slow = std::ranges::find(slow_, look.real("/edge"), &Slow::edge);
        if (slow != slow_.end()) {
            slow->test.comparison.recall(look);
        }
    }
    note_when_sure();
}

bool has_look(const Value& evidence) {
    const auto& edges = evidence.items("/latency");
    return evidence.has("/canary") || (!edges.empty() && edges.front().has("/canary"));
}

}  // namespace deployctl::gates
