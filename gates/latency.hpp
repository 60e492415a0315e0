// SPDX-License-Identifier: Apache-2.0
// Latency as events that can be counted: of each pod's histogram, what came in since the look
// before, and how much of it was above an edge. Edges are chosen once, by stable's counters or by
// what was asked for, and never moved: each is a test of its own. What makes no sense is a trouble
// with words. Values; one owner.
#pragma once

#include "analysis/histogram.hpp"
#include "gates/comparison.hpp"

#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace deployctl::gates {

using PodHistograms = std::map<std::string, analysis::Histogram>;
/// By `key_of` a pod and the labels besides `le`: a series that goes away takes nothing from the
/// others of its pod.
using SeriesHistograms = std::map<std::string, analysis::Histogram>;

struct Trouble {
    std::string text;
};

/// Buckets with labels `pod` and `le`.
std::variant<SeriesHistograms, Trouble> histograms_of(const MetricAnswer& answer);

/// Each pod's series summed up.
std::variant<PodHistograms, Trouble> by_pod(const SeriesHistograms& series);

/// From cumulative readings to what each pod gained, summed over its series. A pod that is seen
/// first gives only its start; what one that is known begins to count has come since.
class HistogramBook {
public:
    std::variant<PodHistograms, Trouble> take(const SeriesHistograms& readings);

private:
    SeriesHistograms last_;
    std::set<std::string> pods_;
};

/// None yet where quantiles are asked for and stable has had no requests.
std::variant<std::vector<double>, Trouble> choose_edges(
    const AnalysisQuestion& question,
    const SeriesHistograms& readings,
    const std::vector<std::string>& stable
);

/// Requests above the edge, of each pod.
std::variant<Gains, Trouble> slow_ones(const PodHistograms& gained, double edge);

/// "500ms", "1.5s".
std::string edge_told(double edge);
/// "3.1% of 1,202 canary requests took longer than 500ms, stable 0.9% of 8,110".
std::string slow_told(const Comparison& comparison, double edge);

}  // namespace deployctl::gates
