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

using CountsByEdge = std::map<std::string, double>;

std::variant<PodHistograms, Trouble> read_all(const std::map<std::string, CountsByEdge>& by_pod) {
    PodHistograms histograms;
    for (const auto& [pod, by_edge] : by_pod) {
        std::vector<analysis::LabelledCount> series;
        for (const auto& [le, count] : by_edge) {
            series.push_back({le, count});
        }
        auto histogram = analysis::read_histogram(series);
        if (const auto* trouble = std::get_if<analysis::HistogramTrouble>(&histogram)) {
            return Trouble{"pod " + pod + ": " + trouble->text};
        }
        histograms[pod] = std::get<analysis::Histogram>(std::move(histogram));
    }
    return histograms;
}

std::vector<analysis::Histogram> of_pods(
    const PodHistograms& readings, const std::vector<std::string>& pods
) {
    std::vector<analysis::Histogram> histograms;
    for (const auto& pod : pods) {
        if (const auto found = readings.find(pod); found != readings.end()) {
            histograms.push_back(found->second);
        }
    }
    return histograms;
}

}  // namespace

std::variant<PodHistograms, Trouble> histograms_of(const MetricAnswer& answer) {
    if (answer.kind != MetricAnswer::Kind::series) {
        return Trouble{answer.failure};
    }
    std::map<std::string, CountsByEdge> by_pod;
    for (const auto& series : answer.series) {
        const auto pod = series.labels.find(pod_label);
        const auto edge = series.labels.find(edge_label);
        if (pod == series.labels.end() || edge == series.labels.end()) {
            return Trouble{"its series have no labels `pod` and `le`: no buckets of pods"};
        }
        if (!series.points.empty()) {
            by_pod[pod->second][edge->second] += series.points.back().value;
        }
    }
    if (by_pod.empty()) {
        return Trouble{"no series: nothing is measured there"};
    }
    return read_all(by_pod);
}

/// Read anew from what is there also where the look says nothing: the next one can.
std::variant<PodHistograms, Trouble> HistogramBook::take(const PodHistograms& readings) {
    PodHistograms gained;
    std::string trouble;
    for (const auto& [pod, now] : readings) {
        const auto before = last_.find(pod);
        if (before == last_.end()) {
            continue;
        }
        auto gain = analysis::difference(before->second, now);
        if (const auto* why = std::get_if<analysis::HistogramTrouble>(&gain)) {
            trouble = "pod " + pod + ": " + why->text;
        } else {
            gained[pod] = std::get<analysis::Histogram>(std::move(gain));
        }
    }
    for (const auto& [pod, now] : readings) {
        last_[pod] = now;
    }
    if (!trouble.empty()) {
        return Trouble{trouble};
    }
    return gained;
}

std::variant<std::vector<double>, Trouble> choose_edges(
    const AnalysisQuestion& question,
    const PodHistograms& readings,
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
        const auto before = analysis::sum(of_pods(readings, stable));
        if (const auto* trouble = std::get_if<analysis::HistogramTrouble>(&before)) {
            return Trouble{"of stable's pods: " + trouble->text};
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
        return Trouble{"no bucket of its histogram tells the requests apart"};
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
