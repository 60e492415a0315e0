// SPDX-License-Identifier: Apache-2.0
#include "gates/analysis_gate.hpp"

#include "analysis/proportion.hpp"
#include "analysis/wording.hpp"
#include "gates/metric_gate.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::gates {

namespace {

constexpr auto pod_label = "pod";

analysis::RateSettings settings_of(const AnalysisQuestion& question) {
    analysis::RateSettings settings;
    settings.alpha = question.alpha / 2;  // the other half is the frozen baseline's
    settings.max_ratio = question.max_ratio;
    settings.max = question.max;
    settings.min_samples = question.min_samples;
    return settings;
}

Verdict no_answer(std::string reason) {
    return {Answer::error, std::move(reason), "no counters", "", {}};
}

Verdict nothing_yet(std::string reason) {
    return {Answer::inconclusive, std::move(reason), "", "", {}};
}

std::vector<analysis::Counts> counts_in(const std::map<std::string, analysis::Counts>& by_pod) {
    std::vector<analysis::Counts> counts;
    counts.reserve(by_pod.size());
    for (const auto& [pod, one] : by_pod) {
        counts.push_back(one);
    }
    return counts;
}

Value counts_value(const analysis::Counts& counts) {
    return Value::map({{"requests", counts.requests}, {"events", counts.events}});
}

analysis::Counts read_counts(const Value& value) {
    return {value.real("/requests"), value.real("/events")};
}

}  // namespace

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
    : asked_{sources.outside.metrics, sources.metrics_source},
      question_(std::move(question)),
      settings_(settings_of(question_)),
      test_(analysis::make_rate_test(settings_)) {}

Task<Verdict> AnalysisGate::sample(Subjects subjects) {
    auto everybody = subjects.candidate;
    everybody.insert(everybody.end(), subjects.stable.begin(), subjects.stable.end());
    // Errors first: what comes in between is then a request without an error, and no error without
    // a request.
    const auto errors_query =
        query_about(question_.errors, subjects.names, everybody, Track::canary);
    const auto errors_answer = co_await asked_.metrics.instant(asked_.source, errors_query);
    const auto total_query = query_about(question_.total, subjects.names, everybody, Track::canary);
    const auto total_answer = co_await asked_.metrics.instant(asked_.source, total_query);
    const auto errors = by_pod(errors_answer);
    const auto total = by_pod(total_answer);
    if (const auto* why = std::get_if<std::string>(&errors)) {
        co_return no_answer(errors_query + ": " + *why);
    }
    if (const auto* why = std::get_if<std::string>(&total)) {
        co_return no_answer(total_query + ": " + *why);
    }
    const auto& requests = std::get<PodNumbers>(total);
    if (requests.empty()) {
        co_return no_answer(total_query + ": no series: nothing is measured there");
    }
    const auto gains = gains_of(std::get<PodNumbers>(errors), requests);
    co_return take(subjects, gains);
}

/// A pod without a series of errors has had none: its first error is one, and no beginning.
AnalysisGate::Gains AnalysisGate::gains_of(const PodNumbers& errors, const PodNumbers& total) {
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

analysis::Counts AnalysisGate::add(
    SideSoFar& side, const Gains& gains, const std::vector<std::string>& pods
) {
    analysis::Counts sum;
    std::vector<analysis::Counts> apart;
    for (const auto& pod : pods) {
        const auto gain = gains.find(pod);
        if (gain == gains.end()) {
            continue;
        }
        sum += gain->second;
        side.totals[pod] += gain->second;
        apart.push_back(gain->second);
    }
    analysis::take(side.clumps, apart);
    return sum;
}

Verdict AnalysisGate::take(const Subjects& subjects, const Gains& gains) {
    first_ = first_.value_or(subjects.at);
    if (subjects.at - *first_ < question_.warm_up) {
        return nothing_yet("warming up for " + to_text(question_.warm_up));
    }
    analysis::Look look;
    look.canary = add(canary_, gains, subjects.candidate);
    look.baseline = add(stable_, gains, subjects.stable);
    const auto apart =
        analysis::dispersion_of(counts_in(canary_.totals), counts_in(stable_.totals)).widening;
    const double widening =
        std::max({apart, widening_of(canary_.clumps), widening_of(stable_.clumps)});
    compare(look, widening);
    return judge(look);
}

void AnalysisGate::compare(const analysis::Look& look, double widening) {
    const bool is_alone = look.baseline.requests == 0 && look.canary.requests > 0;
    if (is_alone && !frozen_) {
        frozen_ = analysis::make_frozen_test(test_.baseline, question_.alpha / 2);
    }
    if (is_alone && frozen_) {
        analysis::take(*frozen_, look.canary, widening);
    }
    analysis::take(test_, look, widening);
}

analysis::Judgement AnalysisGate::judgement() const {
    if (frozen_ && aborts(*frozen_)) {
        return {
            Answer::fail,
            "alone, canary " + analysis::told(frozen_->canary) +
                ": worse than stable was before, which was surely at most " +
                analysis::percent(frozen_->assumed_rate),
        };
    }
    const bool can_compare = test_.baseline.requests > 0;
    const auto rate = bounds_of(test_.canary, question_.alpha / 2, test_.widening);
    if (!can_compare && question_.max > 0 && rate.low > question_.max) {
        return {
            Answer::fail,
            "with nothing to compare with, canary " + analysis::told(test_.canary) +
                ": surely at least " + analysis::percent(rate.low) + ", limit " +
                analysis::percent(question_.max),
        };
    }
    return analysis::judge_hold(test_, settings_);
}

Verdict AnalysisGate::judge(const analysis::Look& look) const {
    auto judged = judgement();
    Verdict verdict;
    verdict.answer = judged.answer;
    verdict.reason = std::move(judged.reason);
    verdict.measured =
        "canary " + analysis::told(test_.canary) + ", stable " + analysis::told(test_.baseline);
    verdict.limit = analysis::short_number(question_.max_ratio) + "x stable's rate" +
                    (question_.max > 0 ? ", or " + analysis::percent(question_.max) : "");
    verdict.evidence = Value::map({
        {"canary", counts_value(look.canary)},
        {"stable", counts_value(look.baseline)},
        {"widening", test_.widening},
        {"log_evidence", test_.most_worse},
    });
    return verdict;
}

/// The counters begin anew with the next reading: what came while nobody looked is left out.
void AnalysisGate::recall(const Value& evidence) {
    if (!evidence.has("/canary")) {
        return;
    }
    const analysis::Look look{
        read_counts(evidence.at("/canary")), read_counts(evidence.at("/stable"))
    };
    compare(look, std::max(1.0, evidence.real("/widening", 1)));
}

}  // namespace deployctl::gates
