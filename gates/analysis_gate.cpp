// SPDX-License-Identifier: Apache-2.0
#include "gates/analysis_gate.hpp"

#include "gates/just_before.hpp"
#include "gates/metric_gate.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::gates {

namespace {

std::vector<std::string> everybody(const Subjects& subjects) {
    auto pods = subjects.candidate;
    pods.insert(pods.end(), subjects.stable.begin(), subjects.stable.end());
    return pods;
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

/// The range ends now: what the look has of these pods is in it.
template <class OfPods>
void replace(OfPods& now, OfPods past) {
    for (auto& [pod, of_pod] : past) {
        now.insert_or_assign(pod, std::move(of_pod));
    }
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
      question_(std::move(question)),
      tests_(question_) {}

Task<Verdict> AnalysisGate::sample(Subjects subjects) {
    Reading reading;
    if (tests_.asks_errors()) {
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
    const bool had_past = !subjects.stable.empty() && subjects.settled.empty();
    if (had_past && past_tries_.errors > 0 && tests_.wants_past_errors()) {
        auto past = co_await read_past_errors(subjects);
        replace(reading.errors, std::move(past));
    }
    if (had_past && past_tries_.buckets > 0 && tests_.wants_past_latency()) {
        auto past = co_await read_past_buckets(subjects);
        replace(reading.buckets, std::move(past));
    }
    co_return take(subjects, reading);
}

Task<MetricAnswer> AnalysisGate::ask_the_past(std::string selector, Subjects subjects) {
    const auto query = query_about(selector, subjects.names, subjects.stable, Track::stable);
    const auto range = just_before(asked_.clock.now());
    auto answer = co_await asked_.metrics.range(asked_.source, query, range);
    co_return increases_in(std::move(answer));
}

/// Asked again at the next look where nobody has answered; in the end stable counts from then on.
Task<Gains> AnalysisGate::read_past_errors(Subjects subjects) {
    const auto errors_answer = co_await ask_the_past(question_.errors, subjects);
    const auto total_answer = co_await ask_the_past(question_.total, subjects);
    const auto errors = by_series(errors_answer);
    const auto total = by_series(total_answer);
    if (errors.index() != 0 || total.index() != 0) {
        --past_tries_.errors;
        co_return Gains{};
    }
    past_tries_.errors = 0;
    co_return gains_by_pod(std::get<SeriesNumbers>(errors), std::get<SeriesNumbers>(total));
}

/// As the errors: by themselves, since either may be answered alone.
Task<PodHistograms> AnalysisGate::read_past_buckets(Subjects subjects) {
    const auto answer = co_await ask_the_past(question_.buckets, subjects);
    const bool is_answered = answer.kind == MetricAnswer::Kind::series && answer.warnings.empty();
    past_tries_.buckets = is_answered ? 0 : past_tries_.buckets - 1;
    co_return buckets_in(answer);
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
    auto pods = everybody(subjects);
    pods.insert(pods.end(), subjects.settled.begin(), subjects.settled.end());
    const auto query = query_about(question_.buckets, subjects.names, pods, Track::canary);
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

/// Without the candidate's pods that have not been there for long enough, and those of the previous
/// version that were started with it.
Subjects AnalysisGate::warm(Subjects subjects) {
    const auto is_cold = [&](std::map<std::string, BootTime>& since) {
        return [&](const std::string& pod) {
            const auto seen = since.try_emplace(pod, subjects.at).first->second;
            return subjects.at - seen < question_.warm_up;
        };
    };
    std::erase_if(subjects.candidate, is_cold(since_.candidate));
    if (!subjects.settled.empty()) {
        std::erase_if(subjects.stable, is_cold(since_.stable));
    }
    return subjects;
}

std::optional<Trouble> AnalysisGate::fix_edges(
    const SeriesHistograms& readings, const Subjects& subjects
) {
    if (tests_.has_edges()) {
        return std::nullopt;
    }
    const auto& usual = subjects.settled.empty() ? subjects.stable : subjects.settled;
    const auto chosen = choose_edges(question_, readings, usual);
    if (const auto* trouble = std::get_if<Trouble>(&chosen)) {
        return *trouble;
    }
    tests_.keep_edges(std::get<std::vector<double>>(chosen));
    return std::nullopt;
}

/// Before any pod of the canary is warm stable counts alone: that is what it was before.
Verdict AnalysisGate::take(const Subjects& everybody, const Reading& reading) {
    const auto subjects = warm(everybody);
    if (subjects.stage != present_.stage) {
        present_.stage = subjects.stage;
        tests_.begin_stage();
    }
    if (subjects.since != present_.since) {
        present_.since = subjects.since;
        tests_.begin_wait();
    }
    if (const auto trouble = tests_.take(subjects, reading.errors, reading.buckets)) {
        return no_answer("no counters", question_.buckets + ": " + trouble->text);
    }
    const bool is_warm = std::ranges::any_of(since_.candidate, [&](const auto& pod) {
        return subjects.at - pod.second >= question_.warm_up;
    });
    if (!is_warm) {
        auto evidence = tests_.evidence();
        evidence.set("/warming_up", true);
        const auto reason = "warming up for " + to_text(question_.warm_up);
        return {Answer::inconclusive, reason, "", "", std::move(evidence)};
    }
    auto verdict = tests_.judge();
    if (tests_.are_surely_good()) {
        verdict.evidence.set("/surely_good", true);
    }
    return verdict;
}

}  // namespace deployctl::gates
