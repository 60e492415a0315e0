// SPDX-License-Identifier: Apache-2.0
#include "gates/latency.hpp"

#include "analysis/wording.hpp"
#include "gates/metric_gate.hpp"

#include <algorithm>
#include <cmath>

namespace deployctl::gates {

namespace {

constexpr auto edge_label = "le";
constexpr double longest_edge_told = 1e9;

/// "8110" as "8,110".
std::string grouped(double count) {
    auto text = std::to_string(std::llround(std::min(count, 9e15)));
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
        text.insert(static_cast<std::size_t>(at), ",");
    }
    return text;
}

using LabelledCounts = std::vector<analysis::LabelledCount>;

std::variant<SeriesHistograms, Trouble> read_all(const std::map<std::string, LabelledCounts>& by_key
) {
    SeriesHistograms histograms;
    for (const auto& [key, counts] : by_key) {
        auto histogram = analysis::read_histogram(counts);
        if (const auto* trouble = std::get_if<analysis::HistogramTrouble>(&histogram)) {
            return Trouble{"pod " + pod_in(key) + ": " + trouble->text};
        }
        histograms[key] = std::get<analysis::Histogram>(std::move(histogram));
    }
    return histograms;
}

std::vector<analysis::Histogram> of_pods(
    const SeriesHistograms& readings, const std::vector<std::string>& pods
) {
    std::vector<analysis::Histogram> histograms;
    for (const auto& [key, histogram] : readings) {
        if (std::ranges::count(pods, pod_in(key)) > 0) {
            histograms.push_back(histogram);
        }
    }
    return histograms;
}

/// Of stable's pods together; nothing where there are none.
std::variant<analysis::Histogram, Trouble> stable_in(
    const SeriesHistograms& readings, const std::vector<std::string>& stable
) {
    if (stable.empty()) {
        return analysis::Histogram{};
    }
    const auto sum = analysis::sum(of_pods(readings, stable));
    if (const auto* trouble = std::get_if<analysis::HistogramTrouble>(&sum)) {
        return Trouble{"of stable's pods: " + trouble->text};
    }
    return std::get<analysis::Histogram>(sum);
}

analysis::Histogram nothing_in(analysis::Histogram histogram) {
    for (auto& bucket : histogram) {
        bucket.count = 0;
    }
    return histogram;
}

}  // namespace

std::variant<SeriesHistograms, Trouble> histograms_of(const MetricAnswer& answer) {
    if (answer.kind != MetricAnswer::Kind::series) {
        return Trouble{answer.failure};
    }
    if (!answer.warnings.empty()) {  // what is missing would count as nothing
        return Trouble{"only a part has answered: " + answer.warnings.front()};
    }
    std::map<std::string, LabelledCounts> by_key;
    for (const auto& series : answer.series) {
        auto others = series.labels;
        const auto pod = others.extract(pod_label);
        const auto edge = others.extract(edge_label);
        if (pod.empty() || edge.empty()) {
            return Trouble{"its series have no labels `pod` and `le`: no buckets of pods"};
        }
        if (!series.points.empty()) {
            by_key[key_of(pod.mapped(), others)].push_back(
                {edge.mapped(), series.points.back().value}
            );
        }
    }
    if (by_key.empty()) {
        return Trouble{"no series: nothing is measured there"};
    }
    return read_all(by_key);
}

std::variant<PodHistograms, Trouble> by_pod(const SeriesHistograms& series) {
    std::map<std::string, std::vector<analysis::Histogram>> of_each;
    for (const auto& [key, histogram] : series) {
        of_each[pod_in(key)].push_back(histogram);
    }
    PodHistograms sums;
    for (const auto& [pod, histograms] : of_each) {
        auto sum = analysis::sum(histograms);
        if (const auto* why = std::get_if<analysis::HistogramTrouble>(&sum)) {
            return Trouble{"pod " + pod + ": " + why->text};
        }
        sums[pod] = std::get<analysis::Histogram>(std::move(sum));
    }
    return sums;
}

/// Read anew from what is there also where the look says nothing: the next one can.
std::variant<PodHistograms, Trouble> HistogramBook::take(const SeriesHistograms& readings) {
    SeriesHistograms gained;
    std::string trouble;
    for (const auto& [key, now] : readings) {
        const auto before = last_.find(key);
        if (before == last_.end() && !pods_.contains(pod_in(key))) {
            continue;
        }
        auto gain =
            analysis::difference(before == last_.end() ? nothing_in(now) : before->second, now);
        if (const auto* why = std::get_if<analysis::HistogramTrouble>(&gain)) {
            trouble = "pod " + pod_in(key) + ": " + why->text;
        } else {
            gained[key] = std::get<analysis::Histogram>(std::move(gain));
        }
    }
    for (const auto& [key, now] : readings) {
        last_[key] = now;
        pods_.insert(pod_in(key));
    }
    if (!trouble.empty()) {
        return Trouble{trouble};
    }
    return by_pod(gained);
}

std::variant<std::vector<double>, Trouble> choose_edges(
    const AnalysisQuestion& question,
    const SeriesHistograms& readings,
    const std::vector<std::string>& stable
) {
    std::vector<double> edges;
    const auto add = [&](std::optional<double> edge) {
        if (edge && std::ranges::count(edges, *edge) == 0) {
            edges.push_back(*edge);
        }
        return edge.has_value();
    };
    bool is_found = true;
    for (const double limit : question.edges) {
        is_found = add(analysis::edge_near(readings.begin()->second, limit)) && is_found;
    }
    const auto quantiles = quantiles_of(question);
    if (!quantiles.empty()) {
        const auto before = stable_in(readings, stable);
        if (const auto* trouble = std::get_if<Trouble>(&before)) {
            return *trouble;
        }
        const auto& baseline = std::get<analysis::Histogram>(before);
        if (analysis::requests_in(baseline) == 0) {
            return std::vector<double>{};
        }
        for (const double quantile : quantiles) {
            is_found = add(analysis::edge_near_quantile(baseline, quantile)) && is_found;
        }
    }
    if (!is_found) {
        return Trouble{"its histogram has no bucket but +Inf: it tells no request from another"};
    }
    std::ranges::sort(edges);
    return edges;
}

std::variant<Gains, Trouble> slow_ones(const PodHistograms& gained, double edge) {
    Gains gains;
    for (const auto& [pod, histogram] : gained) {
        const auto counts = analysis::above(histogram, edge);
        if (!counts) {
            return Trouble{
                "pod " + pod + " has no bucket of " + edge_told(edge) +
                ", by which versions are compared"
            };
        }
        gains[pod] = *counts;
    }
    return gains;
}

std::string edge_told(double edge) {
    if (!(edge > 0 && edge < longest_edge_told)) {
        return analysis::short_number(edge) + "s";
    }
    return to_text(Duration(std::llround(edge * 1e6)));
}

std::string slow_told(const Comparison& comparison, double edge) {
    const auto& canary = comparison.canary();
    const auto& stable = comparison.stable();
    return analysis::percent(rate_of(canary)) + " of " + grouped(canary.requests) +
           " canary requests took longer than " + edge_told(edge) + ", stable " +
           analysis::percent(rate_of(stable)) + " of " + grouped(stable.requests);
}

}  // namespace deployctl::gates
