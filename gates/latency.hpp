// SPDX-License-Identifier: Apache-2.0
// Latency as events that can be counted: of each pod's histogram, what came in since the look
// before, and how much of it was above an edge. Edges are chosen once, by stable's counters or by
// what was asked for, and never moved: each is a test of its own. What makes no sense is a trouble
// with words. Values; one owner.
#pragma once

#include "analysis/histogram.hpp"
#include "gates/comparison.hpp"

#include <map>
#include <string>
#include <variant>
#include <vector>

namespace deployctl::gates {

using PodHistograms = std::map<std::string, analysis::Histogram>;

struct Trouble {
    std::string text;
};

/// Buckets by pod and `le`, summed over all other labels.
std::variant<PodHistograms, Trouble> histograms_of(const MetricAnswer& answer);

/// From cumulative readings to what each pod gained; a pod that is seen first gives only its start.
class HistogramBook {
public:
    std::variant<PodHistograms, Trouble> take(const PodHistograms& readings);

private:
    PodHistograms last_;
};

/// None yet where quantiles are asked for and stable has had no requests.
std::variant<std::vector<double>, Trouble> choose_edges(
    const AnalysisQuestion& question,
    const PodHistograms& readings,
    const std::vector<std::string>& stable
);

/// Requests above the edge, of each pod.
std::variant<Gains, Trouble> slow_ones(const PodHistograms& gained, double edge);

/// "500ms", "1.5s".
std::string edge_told(double edge);
/// "3.1% of 1,202 canary requests took longer than 500ms, stable 0.9% of 8,110".
std::string slow_told(const Comparison& comparison, double edge);

}  // namespace deployctl::gates
