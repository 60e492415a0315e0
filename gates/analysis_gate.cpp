// SPDX-License-Identifier: Apache-2.0
#include "gates/analysis_gate.hpp"

#include "analysis/wording.hpp"
#include "gates/just_before.hpp"
#include "gates/metric_gate.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::gates {

namespace {

analysis::RateSettings settings_of(const AnalysisQuestion& question, double max) {
    analysis::RateSettings settings;
    settings.alpha = question.alpha;
    settings.max_ratio = question.max_ratio;
    settings.max = max;
    settings.min_samples = question.min_samples;
    return settings;
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

Gains gains_by_pod(const SeriesNumbers& errors, const SeriesNumbers& total) {
    Gains gains;
    for (const auto& [key, requests] : total) {
        gains[pod_in(key)].requests += requests;
    }
    for (const auto& [key, events] : errors) {
        gains[pod_in(key)].events += events;
    }
    for (auto& [pod, gain] : gains) {
        gain.events = std::min(gain.events, gain.requests);
    }
    return gains;
}

PodHistograms buckets_in(const MetricAnswer& answer) {
    const auto series = histograms_of(answer);
    if (const auto* histograms = std::get_if<SeriesHistograms>(&series)) {
        const auto pods = by_pod(*histograms);
        if (const auto* sums = std::get_if<PodHistograms>(&pods)) {
            return *sums;
        }
    }
    return {};
}

}  // namespace

/// One of the tests, for the choice of the worst.
struct AnalysisGate::Candidate {
    analysis::Judgement judged;
    std::string measured;
    std::string limit;
    double log_evidence = 0;
};

std::variant<SeriesNumbers, std::string> by_series(const MetricAnswer& answer) {
    if (answer.kind != MetricAnswer::Kind::series) {
        return answer.failure;
    }
    if (!answer.warnings.empty()) {  // what is missing would count as nothing
        return "only a part has answered: " + answer.warnings.front();
    }
    SeriesNumbers numbers;
    for (const auto& series : answer.series) {
        const auto pod = series.labels.find(pod_label);
        if (pod == series.labels.end()) {
            return std::string("its series have no label `pod`: no pod can be told from another");
        }
        if (!series.points.empty()) {
            numbers[key_of(pod->second, series.labels)] = series.points.back().value;
        }
    }
    return numbers;
}

AnalysisGate::AnalysisGate(const Sources& sources, AnalysisQuestion question)
    : asked_{sources.outside.metrics, sources.metrics_source, sources.clock},
      question_(std::move(question)) {
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
        co_return no_answer("no counters", reading.failure);
    }
    if (!asked_.has_begun) {
        asked_.has_begun = true;
        const auto past = co_await read_the_past(subjects);
        for (const auto& [pod, gain] : past.errors) {
            reading.errors[pod] += gain;
        }
        reading.buckets.insert(past.buckets.begin(), past.buckets.end());
    }
    co_return take(subjects, reading);
}

Task<MetricAnswer> AnalysisGate::ask_the_past(std::string selector, Subjects subjects) {
    const auto query = query_about(selector, subjects.names, subjects.stable, Track::stable);
    const auto range = just_before(asked_.clock.now());
    auto answer = co_await asked_.metrics.range(asked_.source, query, range);
    co_return increases_in(std::move(answer));
}

/// What cannot be told is left out: stable counts from now on.
Task<AnalysisGate::Reading> AnalysisGate::read_the_past(Subjects subjects) {
    Reading past;
    const bool is_known = errors_ && errors_->stable().requests > 0;
    const bool is_slow_known = std::ranges::any_of(slow_, [](const Slow& slow) {
        return slow.comparison.stable().requests > 0;
    });
    if (subjects.stable.empty() || is_known || is_slow_known) {
        co_return past;
    }
    if (errors_) {
        const auto errors_answer = co_await ask_the_past(question_.errors, subjects);
        const auto total_answer = co_await ask_the_past(question_.total, subjects);
        const auto errors = by_series(errors_answer);
        const auto total = by_series(total_answer);
        if (errors.index() == 0 && total.index() == 0) {
            past.errors =
                gains_by_pod(std::get<SeriesNumbers>(errors), std::get<SeriesNumbers>(total));
        }
    }
    if (!question_.buckets.empty()) {
        const auto answer = co_await ask_the_past(question_.buckets, subjects);
        past.buckets = buckets_in(answer);
    }
    co_return past;
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
    const auto errors = by_series(errors_answer);
    const auto total = by_series(total_answer);
    if (const auto* why = std::get_if<std::string>(&errors)) {
        reading.failure = errors_query + ": " + *why;
    } else if (const auto* no_total = std::get_if<std::string>(&total)) {
        reading.failure = total_query + ": " + *no_total;
    } else if (std::get<SeriesNumbers>(total).empty()) {
        reading.failure = total_query + ": no series: nothing is measured there";
    } else {
        auto gains = gains_of(std::get<SeriesNumbers>(errors), std::get<SeriesNumbers>(total));
        if (const auto* unsound = std::get_if<std::string>(&gains)) {
            reading.failure = *unsound;
        } else {
            reading.errors = std::get<Gains>(std::move(gains));
        }
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
    const auto& histograms = std::get<SeriesHistograms>(readings);
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

/// What a pod that was looked at before begins to count has come since: a first error is one, and
/// no beginning.
std::variant<Gains, std::string> AnalysisGate::gains_of(
    const SeriesNumbers& errors, const SeriesNumbers& total
) {
    const auto begin_at_nothing = [this](analysis::CounterBook& book, const SeriesNumbers& now) {
        SeriesNumbers nothing;
        for (const auto& [key, number] : now) {
            if (counted_.contains(pod_in(key)) && !book.last().contains(key)) {
                nothing[key] = 0;
            }
        }
        book.take(nothing);
    };
    begin_at_nothing(books_.errors, errors);
    begin_at_nothing(books_.total, total);
    const auto more_errors = books_.errors.take(errors);
    const auto more_requests = books_.total.take(total);
    for (const auto* more : {&more_errors, &more_requests}) {
        if (!more->unsound.empty()) {
            return "pod " + pod_in(more->unsound.front()) + ": what it counts is no number";
        }
    }
    for (const auto& [key, number] : total) {
        counted_.insert(pod_in(key));
    }
    return gains_by_pod(more_errors.by_pod, more_requests.by_pod);
}

/// Without the candidate's pods that have not been there for long enough.
Subjects AnalysisGate::warm(Subjects subjects) {
    std::erase_if(subjects.candidate, [&](const std::string& pod) {
        const auto seen = since_.try_emplace(pod, subjects.at).first->second;
        return subjects.at - seen < question_.warm_up;
    });
    return subjects;
}

std::optional<Trouble> AnalysisGate::fix_edges(
    const SeriesHistograms& readings, const Subjects& subjects
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

/// Before any pod of the canary is warm stable counts alone: that is what it was before.
Verdict AnalysisGate::take(const Subjects& everybody, const Reading& reading) {
    const auto subjects = warm(everybody);
    std::vector<Gains> of_edges;
    for (const auto& slow : slow_) {
        auto gains = slow_ones(reading.buckets, slow.edge);
        if (const auto* trouble = std::get_if<Trouble>(&gains)) {
            return no_answer("no counters", question_.buckets + ": " + trouble->text);
        }
        of_edges.push_back(std::get<Gains>(std::move(gains)));
    }
    for (std::size_t i = 0; i < slow_.size(); ++i) {
        slow_[i].comparison.take(subjects, of_edges[i]);
    }
    if (errors_) {
        errors_->take(subjects, reading.errors);
    }
    count_in_wait(subjects.since);
    const bool is_warm = std::ranges::any_of(since_, [&](const auto& pod) {
        return subjects.at - pod.second >= question_.warm_up;
    });
    return is_warm ? judge()
                   : nothing_yet("warming up for " + to_text(question_.warm_up), evidence());
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

void AnalysisGate::count_in_wait(BootTime since) {
    if (since != wait_.since) {
        wait_ = {since, 0};
    }
    if (errors_) {
        wait_.requests += errors_->last_requests();
    } else if (!slow_.empty()) {
        wait_.requests += slow_.front().comparison.last_requests();
    }
}

bool AnalysisGate::is_surely_good() const {
    const bool has_all =
        (errors_ || !slow_.empty()) && (question_.buckets.empty() || !slow_.empty());
    return has_all && wait_.requests >= question_.min_samples &&
           (!errors_ || errors_->is_surely_good()) &&
           std::ranges::all_of(slow_, [](const Slow& slow) {
               return slow.comparison.is_surely_good();
           });
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
    if (is_surely_good()) {
        told.set("/surely_good", true);
    }
    return told;
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
