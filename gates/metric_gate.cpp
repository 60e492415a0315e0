// SPDX-License-Identifier: Apache-2.0
#include "gates/metric_gate.hpp"

#include "analysis/threshold.hpp"
#include "analysis/wording.hpp"

#include <cmath>
#include <utility>

namespace deployctl::gates {

namespace {

using analysis::short_number;
using analysis::Side;

constexpr char between = '\n';

Verdict no_answer(std::string reason, Value evidence) {
    return {Answer::error, std::move(reason), "no number", "", std::move(evidence)};
}

/// A limit, and how it is told.
struct Limit {
    analysis::Threshold threshold;
    std::string text;
};

std::vector<Limit> limits_of(const MetricQuestion& question, std::optional<double> stable) {
    std::vector<Limit> limits;
    if (question.max) {
        limits.push_back({{Side::at_most, *question.max}, short_number(*question.max)});
    }
    if (question.min) {
        limits.push_back(
            {{Side::at_least, *question.min}, "at least " + short_number(*question.min)}
        );
    }
    if (question.max_increase && stable) {
        const double most = *stable + *question.max_increase;
        limits.push_back(
            {{Side::at_most, most},
             short_number(most) + " (stable has " + short_number(*stable) + ")"}
        );
    }
    return limits;
}

Value series_value(const MetricAnswer& answer) {
    constexpr std::size_t most_told = 10;
    Value::Array list;
    for (const auto& series : answer.series) {
        if (list.size() == most_told) {
            break;
        }
        const auto number = series.points.empty() ? std::nan("") : series.points.back().value;
        const auto text = series.points.empty() ? "" : short_number(number);
        auto told = Value::map({{"labels", texts_value(series.labels)}, {"value", text}});
        if (std::isfinite(number)) {
            told.set("/number", number);  // as it was judged; JSON has no others
        }
        list.push_back(std::move(told));
    }
    return list;
}

/// The one number that was judged; nothing where it is not told, as by older versions.
std::optional<MetricAnswer> read_number(const Value& series) {
    const auto& list = series.items();
    if (list.size() != 1 || !list.front().has("/number")) {
        return std::nullopt;
    }
    MetricAnswer answer;
    answer.series.push_back({{}, {{WallTime(), list.front().real("/number")}}});
    return answer;
}

Value evidence_of(const MetricSample& sample) {
    return Value::map({
        {"query", sample.query},
        {"series", series_value(sample.answer)},
        {"stable", sample.stable ? series_value(*sample.stable) : Value()},
    });
}

}  // namespace

std::string key_of(const std::string& pod, const std::map<std::string, std::string>& labels) {
    auto key = pod;
    for (const auto& [name, text] : labels) {
        key += between + name + "=" + text;
    }
    return key;
}

std::string pod_in(const std::string& key) {
    return key.substr(0, key.find(between));
}

std::string pattern_of(const std::vector<std::string>& pods) {
    std::string pattern;
    for (const auto& pod : pods) {
        pattern += pattern.empty() ? "" : "|";
        for (const char letter :
             pod) {  // a name of Kubernetes: of what it may hold, "." is special
            pattern += letter == '.' ? std::string("[.]") : std::string(1, letter);
        }
    }
    return pattern.empty() ? "-" : pattern;  // no pod is called so
}

std::string query_about(
    const std::string& query, Placeholders names, const std::vector<std::string>& pods, Track track
) {
    names["pods"] = pattern_of(pods);
    names["track"] = track == Track::stable ? "stable" : "canary";
    return fill_in(query, names);
}

Verdict judge(const MetricQuestion& question, const MetricSample& sample) {
    const auto evidence = evidence_of(sample);
    const auto number = one_number(sample.answer);
    if (number.kind != OneNumber::Kind::number) {
        return no_answer(number.text, evidence);
    }
    std::optional<double> stable;
    if (sample.stable) {
        const auto beside = one_number(*sample.stable);
        if (beside.kind != OneNumber::Kind::number) {
            return no_answer("of stable: " + beside.text, evidence);
        }
        stable = beside.value;
    }
    Verdict verdict{Answer::pass, sample.query, short_number(number.value), "", evidence};
    const auto limits = limits_of(question, stable);
    if (limits.empty()) {
        verdict.answer = Answer::inconclusive;
        verdict.reason += ": no pods of the version before serve beside the new ones";
    } else if (question.max_increase && !stable) {
        verdict.reason += "; not held against the version before, of which no pod serves";
    }
    for (const auto& limit : limits) {
        const auto answer = analysis::judge(limit.threshold, number.value);
        if (verdict.answer == Answer::pass) {
            verdict.answer = answer;
            verdict.limit = limit.text;
        }
    }
    return verdict;
}

std::optional<Verdict> judge_stored(const MetricQuestion& question, const Value& evidence) {
    const auto canary = read_number(evidence.at("/series"));
    const auto stable = read_number(evidence.at("/stable"));
    if (!canary || (!evidence.at("/stable").is_null() && !stable)) {
        return std::nullopt;
    }
    return judge(question, {evidence.text("/query"), *canary, stable});
}

Task<Verdict> MetricGate::sample(Subjects subjects) {
    MetricSample sample;
    sample.query = query_about(question_.query, subjects.names, subjects.candidate, Track::canary);
    sample.answer = co_await metrics_.instant(source_, sample.query);
    if (question_.max_increase && !subjects.stable.empty()) {
        const auto beside =
            query_about(question_.query, subjects.names, subjects.stable, Track::stable);
        sample.stable = co_await metrics_.instant(source_, beside);
    }
    co_return judge(question_, sample);
}

}  // namespace deployctl::gates
