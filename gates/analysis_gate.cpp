// SPDX-License-Identifier: Apache-2.0
#include "gates/analysis_gate.hpp"

#include "analysis/wording.hpp"
#include "gates/metric_gate.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::gates {

namespace {

constexpr auto pod_label = "pod";

analysis::RateSettings settings_of(const AnalysisQuestion& question, double max) {
    analysis::RateSettings settings;
    settings.alpha = question.alpha;
    settings.max_ratio = question.max_ratio;
    settings.max = max;
    settings.min_samples = question.min_samples;
    return settings;
}

Verdict no_answer(std::string reason) {
    return {Answer::error, std::move(reason), "no counters", "", {}};
}

Verdict nothing_yet(std::string reason, Value evidence) {
    return {Answer::inconclusive, std::move(reason), "", "", std::move(evidence)};
}

std::vector<std::string> everybody(const Subjects& subjects) {
    auto pods = subjects.candidate;
    pods.insert(pods.end(), subjects.stable.begin(), subjects.stable.end());
    return pods;
}

std::string limit_told(double max_ratio, double max) {
    return analysis::short_number(max_ratio) + "x stable's rate" +
           (max > 0 ? ", or " + analysis::percent(max) : "");
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

}  // namespace

/// One of the tests, for the choice of the worst.
struct AnalysisGate::Candidate {
    analysis::Judgement judged;
    std::string measured;
    std::string limit;
    double log_evidence = 0;
};

std::variant<PodNumbers, std::string> by_pod(const MetricAnswer& answer) {
    if (answer.kind != MetricAnswer::Kind::series) {
        return answer.failure;
    }
    PodNumbers numbers;
    for (const auto& series : answer.series) {
        const auto pod = series.labels.find(pod_label);
        if (pod == series.labels.end()) {
            return std::string("its series have no label `pod`: no pod can be told from another");
        }
        if (!series.points.empty()) {
            numbers[pod->second] += series.points.back().value;
        }
    }
    return numbers;
}

AnalysisGate::AnalysisGate(const Sources& sources, AnalysisQuestion question)
    : asked_{sources.outside.metrics, sources.metrics_source}, question_(std::move(question)) {
    if (!question_.errors.empty()) {
        errors_.emplace(settings_of(question_, question_.max));
    }
}

Task<Verdict> AnalysisGate::sample(Subjects subjects) {
    Reading reading;
    if (errors_) {
        reading = co_await read_errors(subjects);
    }
    if (reading.failure.empty() && !question_.buckets.empty()) {
        auto latency = co_await read_buckets(subjects);
        reading.buckets = std::move(latency.buckets);
        reading.failure = std::move(latency.failure);
    }
    if (!reading.failure.empty()) {
        co_return no_answer(reading.failure);
    }
    co_return take(subjects, reading);
}

/// Errors first: what comes in between is then a request without an error, and no error without a
/// request.
Task<AnalysisGate::Reading> AnalysisGate::read_errors(Subjects subjects) {
    const auto pods = everybody(subjects);
    Reading reading;
    const auto errors_query = query_about(question_.errors, subjects.names, pods, Track::canary);
    const auto errors_answer = co_await asked_.metrics.instant(asked_.source, errors_query);
    const auto total_query = query_about(question_.total, subjects.names, pods, Track::canary);
    const auto total_answer = co_await asked_.metrics.instant(asked_.source, total_query);
    const auto errors = by_pod(errors_answer);
    const auto total = by_pod(total_answer);
    if (const auto* why = std::get_if<std::string>(&errors)) {
        reading.failure = errors_query + ": " + *why;
    } else if (const auto* no_total = std::get_if<std::string>(&total)) {
        reading.failure = total_query + ": " + *no_total;
    } else if (std::get<PodNumbers>(total).empty()) {
        reading.failure = total_query + ": no series: nothing is measured there";
    } else {
        reading.errors = gains_of(std::get<PodNumbers>(errors), std::get<PodNumbers>(total));
    }
    co_return reading;
}

/// The buckets of one scrape belong together: one question.
Task<AnalysisGate::Reading> AnalysisGate::read_buckets(Subjects subjects) {
    const auto query =
        query_about(question_.buckets, subjects.names, everybody(subjects), Track::canary);
    const auto answer = co_await asked_.metrics.instant(asked_.source, query);
    Reading reading;
    const auto readings = histograms_of(answer);
    if (const auto* trouble = std::get_if<Trouble>(&readings)) {
        reading.failure = query + ": " + trouble->text;
        co_return reading;
    }
    const auto& histograms = std::get<PodHistograms>(readings);
    auto gained = books_.buckets.take(histograms);
    const auto wrong_edges = fix_edges(histograms, subjects);
    if (const auto* trouble = std::get_if<Trouble>(&gained)) {
        reading.failure = query + ": " + trouble->text;
    } else if (wrong_edges) {
        reading.failure = query + ": " + wrong_edges->text;
    } else {
        reading.buckets = std::get<PodHistograms>(std::move(gained));
    }
    co_return reading;
}

/// A pod without a series of errors has had none: its first error is one, and no beginning.
Gains AnalysisGate::gains_of(const PodNumbers& errors, const PodNumbers& total) {
    PodNumbers known_errors;
    for (const auto& [pod, requests] : total) {
        const auto found = errors.find(pod);
        known_errors[pod] = found == errors.end() ? 0 : found->second;
    }
    const auto more_errors = books_.errors.take(known_errors);
    const auto more_requests = books_.total.take(total);
    Gains gains;
    for (const auto& [pod, requests] : more_requests.by_pod) {
        const auto failed = more_errors.by_pod.find(pod);
        const double events = failed == more_errors.by_pod.end() ? 0 : failed->second;
        gains[pod] = {requests, std::min(events, requests)};
    }
    return gains;
}

std::optional<Trouble> AnalysisGate::fix_edges(
    const PodHistograms& readings, const Subjects& subjects
) {
    if (!slow_.empty()) {
        return std::nullopt;
    }
    const auto chosen = choose_edges(question_, readings, subjects.stable);
    if (const auto* trouble = std::get_if<Trouble>(&chosen)) {
        return *trouble;
    }
    keep_edges(std::get<std::vector<double>>(chosen));
    return std::nullopt;
}

void AnalysisGate::keep_edges(const std::vector<double>& edges) {
    for (const double edge : edges) {
        slow_.push_back({edge, Comparison(settings_of(question_, question_.max_slow))});
    }
}

Verdict AnalysisGate::take(const Subjects& subjects, const Reading& reading) {
    first_ = first_.value_or(subjects.at);
    if (subjects.at - *first_ < question_.warm_up) {
        return nothing_yet("warming up for " + to_text(question_.warm_up), chosen_edges());
    }
    std::vector<Gains> of_edges;
    for (const auto& slow : slow_) {
        auto gains = slow_ones(reading.buckets, slow.edge);
        if (const auto* trouble = std::get_if<Trouble>(&gains)) {
            return no_answer(question_.buckets + ": " + trouble->text);
        }
        of_edges.push_back(std::get<Gains>(std::move(gains)));
    }
    for (std::size_t i = 0; i < slow_.size(); ++i) {
        slow_[i].comparison.take(subjects, of_edges[i]);
    }
    if (errors_) {
        errors_->take(subjects, reading.errors);
    }
    return judge();
}

std::vector<AnalysisGate::Candidate> AnalysisGate::candidates() const {
    std::vector<Candidate> all;
    if (errors_) {
        all.push_back({
            errors_->judgement(),
            "canary " + analysis::told(errors_->canary()) + ", stable " +
                analysis::told(errors_->stable()),
            limit_told(question_.max_ratio, question_.max),
            errors_->log_evidence(),
        });
    }
    for (const auto& [edge, comparison] : slow_) {
        all.push_back({
            comparison.judgement(),
            slow_told(comparison, edge),
            limit_told(question_.max_ratio, question_.max_slow),
            comparison.log_evidence(),
        });
    }
    return all;
}

Verdict AnalysisGate::judge() const {
    const auto all = candidates();
    const bool has_edges = question_.buckets.empty() || !slow_.empty();
    const auto worst = std::ranges::max_element(all, {}, [](const Candidate& one) {
        return std::pair(badness(one.judged.answer), one.log_evidence);
    });
    if (worst == all.end() || (!has_edges && worst->judged.answer != Answer::fail)) {
        return nothing_yet("stable has had no requests by which edges could be chosen", evidence());
    }
    return {worst->judged.answer, worst->judged.finding, worst->measured, worst->limit, evidence()};
}

Value AnalysisGate::evidence() const {
    auto told = errors_ ? errors_->evidence() : Value::map();
    Value::Array edges;
    for (const auto& [edge, comparison] : slow_) {
        auto look = comparison.evidence();
        look.set("/edge", edge);
        edges.push_back(std::move(look));
    }
    if (!question_.buckets.empty()) {
        told.set("/latency", std::move(edges));
    }
    return told;
}

/// Without a look: where nothing is counted yet.
Value AnalysisGate::chosen_edges() const {
    Value::Array edges;
    for (const auto& slow : slow_) {
        edges.push_back(Value::map({{"edge", slow.edge}}));
    }
    return edges.empty() ? Value() : Value::map({{"latency", std::move(edges)}});
}

void AnalysisGate::recall(const Value& evidence) {
    if (errors_ && evidence.has("/canary")) {
        errors_->recall(evidence);
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
            slow->comparison.recall(look);
        }
    }
}

}  // namespace deployctl::gates
