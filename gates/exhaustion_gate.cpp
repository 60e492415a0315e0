// SPDX-License-Identifier: Apache-2.0
#include "gates/exhaustion_gate.hpp"

#include "analysis/exhaustion.hpp"
#include "analysis/wording.hpp"
#include "gates/metric_gate.hpp"
#include "gates/series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

namespace deployctl::gates {

namespace {

std::string pod_of(const std::map<std::string, std::string>& labels) {
    const auto pod = labels.find(pod_label);
    return pod == labels.end() ? "" : pod->second;
}

/// By pod; under no name the one for all.
using Limits = std::map<std::string, double>;

Limits limits_of(const ExhaustionQuestion& question, const MetricAnswer& answer) {
    if (question.limit) {
        return {{"", *question.limit}};
    }
    Limits limits;
    for (const auto& series : answer.series) {
        const bool is_number = !series.points.empty() && std::isfinite(series.points.back().value);
        if (is_number) {
            limits[pod_of(series.labels)] = series.points.back().value;
        }
    }
    return limits;
}

/// Of containers of one pod, say: nobody knows which is meant.
std::optional<std::string> pod_of_two_limits(const MetricAnswer& limits) {
    std::set<std::string> seen;
    for (const auto& series : limits.series) {
        if (!seen.insert(pod_of(series.labels)).second) {
            return pod_of(series.labels);
        }
    }
    return std::nullopt;
}

struct Judged {
    const LabelledSamples* series = nullptr;
    double limit = 0;
    analysis::ExhaustionJudgement judgement;
};

/// The larger, the worse: what is on its way before what has too few samples.
std::pair<int, double> badness(const Judged& one) {
    const auto& judged = one.judgement;
    const int rank = judged.answer == Answer::fail ? 2 : judged.answer == Answer::pass ? 0 : 1;
    return {rank, -judged.seconds_left.value_or(std::numeric_limits<double>::infinity())};
}

Value evidence_of(const ExhaustionSample& sample, const Judged& worst) {
    return Value::map({
        {"query", sample.query},
        {"pod", pod_of(worst.series->labels)},
        {"limit", worst.limit},
        {"at", times_of(worst.series->samples)},
        {"values", values_of(worst.series->samples)},
    });
}

Verdict told(
    const ExhaustionQuestion& question,
    const std::string& pod,
    const analysis::ExhaustionJudgement& judged
) {
    Verdict verdict;
    verdict.answer = judged.answer;
    verdict.measured = (pod.empty() ? "" : "pod " + pod + ": ") + judged.reason;
    verdict.limit = "not within " + to_text(question.within);
    return verdict;
}

}  // namespace

Verdict judge(const ExhaustionQuestion& question, const ExhaustionSample& sample) {
    const auto series = series_of(sample.answer, question.warm_up);
    if (const auto* why = std::get_if<std::string>(&series)) {
        return no_answer("no samples", sample.query + ": " + *why);
    }
    if (!question.limit && sample.limits.kind != MetricAnswer::Kind::series) {
        return no_answer("no samples", question.limit_query + ": " + sample.limits.failure);
    }
    const auto limits = limits_of(question, sample.limits);
    if (const auto pod = pod_of_two_limits(sample.limits)) {
        return no_answer(
            "no samples",
            question.limit_query + ": several limits of pod `" + *pod + "`; add them up by pod"
        );
    }
    std::vector<Judged> all;
    for (const auto& one : std::get<std::vector<LabelledSamples>>(series)) {
        const auto own = limits.find(pod_of(one.labels));
        const auto limit = own == limits.end() ? limits.find("") : own;
        if (limit == limits.end()) {
            return no_answer(
                "no samples",
                question.limit_query + ": no number for pod `" + pod_of(one.labels) + "`"
            );
        }
        const analysis::ExhaustionSettings settings{limit->second, question.within};
        all.push_back({&one, limit->second, analysis::judge(one.samples, settings)});
    }
    const auto worst = std::ranges::max_element(all, {}, badness);
    auto verdict = told(question, pod_of(worst->series->labels), worst->judgement);
    verdict.reason = sample.query;
    verdict.evidence = evidence_of(sample, *worst);
    return verdict;
}

/// The pod that decided is stored, and no other one.
std::optional<Verdict> judge_stored(const ExhaustionQuestion& question, const Value& evidence) {
    const auto& times = evidence.items("/at");
    const auto& values = evidence.items("/values");
    if (!evidence.has("/limit") || times.size() != values.size()) {
        return std::nullopt;
    }
    std::vector<analysis::Sample> samples;
    for (std::size_t i = 0; i < times.size(); ++i) {
        samples.push_back({times[i].real(""), values[i].real("")});
    }
    const analysis::ExhaustionSettings settings{evidence.real("/limit"), question.within};
    return told(question, evidence.text("/pod"), analysis::judge(samples, settings));
}

Task<Verdict> ExhaustionGate::sample(Subjects subjects) {
    ExhaustionSample sample;
    const Past past{question_.window, question_.resolution, question_.warm_up};
    const auto range = range_of(past, subjects, clock_.now());
    sample.query = query_about(question_.query, subjects.names, subjects.candidate, Track::canary);
    sample.answer = co_await metrics_.range(source_, sample.query, range);
    if (!question_.limit) {
        const auto limit_query =
            query_about(question_.limit_query, subjects.names, subjects.candidate, Track::canary);
        sample.limits = co_await metrics_.instant(source_, limit_query);
    }
    co_return judge(question_, sample);
}

}  // namespace deployctl::gates
