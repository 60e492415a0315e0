// SPDX-License-Identifier: Apache-2.0
#include "gates/mann_whitney_gate.hpp"

#include "analysis/kayenta.hpp"
#include "analysis/wording.hpp"
#include "gates/metric_gate.hpp"
#include "gates/series.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>

namespace deployctl::gates {

namespace {

analysis::KayentaSettings settings_of(const MannWhitneyQuestion& question) {
    analysis::KayentaSettings settings;
    settings.tolerance = question.tolerance;
    switch (question.direction) {
        case SeriesDirection::increase: settings.direction = analysis::Direction::increase; break;
        case SeriesDirection::decrease: settings.direction = analysis::Direction::decrease; break;
        case SeriesDirection::either: settings.direction = analysis::Direction::either;
    }
    return settings;
}

/// By the labels besides the pod: the mean of its pods at each time.
using ValuesByLabels = std::map<std::map<std::string, std::string>, std::vector<double>>;

ValuesByLabels metrics_in(const std::vector<LabelledSamples>& series) {
    struct Sum {
        double sum = 0;
        int pods = 0;
    };

    std::map<std::map<std::string, std::string>, std::map<double, Sum>> by_time;
    for (auto [labels, samples] : series) {
        labels.erase(pod_label);
        auto& times = by_time[labels];
        for (const auto& [at, value] : samples) {
            times[at].sum += value;
            ++times[at].pods;
        }
    }
    ValuesByLabels metrics;
    for (const auto& [labels, times] : by_time) {
        auto& values = metrics[labels];
        for (const auto& [at, sum] : times) {
            values.push_back(sum.sum / sum.pods);
        }
        keep_last(values);
    }
    return metrics;
}

std::string told(const std::map<std::string, std::string>& labels) {
    constexpr std::size_t long_enough = 200;
    std::string text;
    for (const auto& [name, value] : labels) {
        if (text.size() > long_enough) {
            break;
        }
        text += (text.empty() ? "" : ", ") + name + "=" + value;
    }
    return text.empty() ? "" : "{" + text + "} ";
}

struct Judged {
    std::map<std::string, std::string> labels;
    std::vector<double> canary;
    std::vector<double> stable;
    analysis::Classified classified;
};

std::vector<Judged> classify_all(
    const MannWhitneyQuestion& question, ValuesByLabels canary, ValuesByLabels stable
) {
    for (const auto& [labels, values] : canary) {
        stable.try_emplace(labels);
    }
    std::vector<Judged> all;
    for (auto& [labels, before] : stable) {
        auto& now = canary[labels];
        auto classified = analysis::classify(before, now, settings_of(question));
        all.push_back({labels, std::move(now), std::move(before), std::move(classified)});
    }
    return all;
}

constexpr std::array all_classes{
    analysis::Classification::pass,
    analysis::Classification::high,
    analysis::Classification::low,
    analysis::Classification::no_data,
};

/// How many metrics are of each class.
using Classes = std::map<analysis::Classification, std::int64_t>;

std::int64_t number_of(const Classes& classes) {
    std::int64_t sum = 0;
    for (const auto& [classification, count] : classes) {
        sum += count;
    }
    return sum;
}

double score_of(const Classes& classes) {
    std::vector<analysis::MetricResult> results;
    for (const auto& [classification, count] : classes) {
        const analysis::MetricResult one{classification, {"all"}, analysis::Importance::usual};
        results.insert(results.end(), static_cast<std::size_t>(count), one);
    }
    return analysis::score(results, {}).score;
}

int badness(const Judged& one) {
    switch (one.classified.classification) {
        case analysis::Classification::pass: return 0;
        case analysis::Classification::no_data: return 1;
        case analysis::Classification::high:
        case analysis::Classification::low: return 2;
    }
    return 1;
}

Answer answer_to(const MannWhitneyQuestion& question, Classes classes, double score) {
    const auto all = number_of(classes);
    const auto with_data = all - classes[analysis::Classification::no_data];
    if (2 * with_data <= all) {
        return Answer::inconclusive;
    }
    if (score < question.marginal_score) {
        return Answer::fail;
    }
    const bool is_good = score >= question.pass_score;
    return is_good ? Answer::pass : Answer::inconclusive;
}

Value numbers(const std::vector<double>& values) {
    return Value::Array(values.begin(), values.end());
}

std::vector<double> read_numbers(const Value& list) {
    std::vector<double> numbers;
    for (const auto& item : list.items()) {
        numbers.push_back(item.real(""));
    }
    return numbers;
}

Value to_value(const Classes& classes) {
    auto told = Value::map();
    for (const auto& [classification, count] : classes) {
        told.set(std::string("/") + analysis::to_text(classification), count);
    }
    return told;
}

/// Of metrics that nobody has: what a journal may hold is not all that this program has written.
Classes read_classes(const Value& told) {
    constexpr std::int64_t most = most_series_judged;
    Classes classes;
    for (const auto classification : all_classes) {
        const auto* const name = analysis::to_text(classification);
        const auto count = told.number(std::string("/") + name);
        classes[classification] = std::clamp<std::int64_t>(count, 0, most);
    }
    return classes;
}

Verdict told(
    const MannWhitneyQuestion& question,
    const std::map<std::string, std::string>& labels,
    const analysis::Classified& worst,
    const Classes& all
) {
    const double score = score_of(all);
    Verdict verdict;
    verdict.answer = answer_to(question, all, score);
    verdict.measured =
        told(labels) + to_text(worst.classification) + ", score " + analysis::short_number(score);
    verdict.limit = "score " + std::to_string(question.pass_score);
    verdict.reason = worst.reason;
    return verdict;
}

}  // namespace

Verdict judge(const MannWhitneyQuestion& question, const SeriesPair& pair) {
    const auto canary = series_of(pair.canary, question.warm_up);
    const auto stable = series_of(pair.stable, question.warm_up);
    if (const auto* why = std::get_if<std::string>(&canary)) {
        return no_answer("no samples", pair.query + ": " + *why);
    }
    if (const auto* why = std::get_if<std::string>(&stable)) {
        return no_answer("no samples", pair.query + ", of stable: " + *why);
    }
    const auto all = classify_all(
        question,
        metrics_in(std::get<std::vector<LabelledSamples>>(canary)),
        metrics_in(std::get<std::vector<LabelledSamples>>(stable))
    );
    const auto worst = std::ranges::max_element(all, {}, badness);
    Classes others;
    for (const auto& one : all) {
        others[one.classified.classification] += &one == &*worst ? 0 : 1;
    }
    auto classes = others;
    ++classes[worst->classified.classification];
    auto verdict = told(question, worst->labels, worst->classified, classes);
    verdict.reason = pair.query + ": " + verdict.reason;
    verdict.evidence = Value::map({
        {"query", pair.query},
        {"metrics", all.size()},
        {"canary", numbers(worst->canary)},
        {"stable", numbers(worst->stable)},
        {"score", score_of(classes)},
        {"labels", texts_value(worst->labels)},
        {"others", to_value(others)},
    });
    return verdict;
}

std::optional<Verdict> judge_stored(const MannWhitneyQuestion& question, const Value& evidence) {
    const bool is_alone = evidence.number("/metrics") == 1;
    if (!evidence.has("/canary") || (!is_alone && !evidence.has("/others"))) {
        return std::nullopt;
    }
    const auto worst = analysis::classify(
        read_numbers(evidence.at("/stable")),
        read_numbers(evidence.at("/canary")),
        settings_of(question)
    );
    auto classes = read_classes(evidence.at("/others"));
    ++classes[worst.classification];
    return told(question, read_texts(evidence.at("/labels")), worst, classes);
}

Task<Verdict> MannWhitneyGate::sample(Subjects subjects) {
    SeriesPair pair;
    const Past past{question_.window, question_.resolution, question_.warm_up};
    const auto range = range_of(past, subjects, clock_.now());
    pair.query = query_about(question_.query, subjects.names, subjects.candidate, Track::canary);
    pair.canary = co_await metrics_.range(source_, pair.query, range);
    const auto beside =
        query_about(question_.query, subjects.names, subjects.stable, Track::stable);
    pair.stable = co_await metrics_.range(source_, beside, range);
    co_return judge(question_, pair);
}

}  // namespace deployctl::gates
