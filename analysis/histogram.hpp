// SPDX-License-Identifier: Apache-2.0
// Cumulative histograms as Prometheus gives them (`le` and a count), and how latency becomes events
// that can be counted: requests above an edge. No quantile is averaged. What makes no sense (no
// +Inf, buckets that fall, other edges than before) is a trouble with words, never a number.
// Values; any thread.
#pragma once

#include "analysis/counts.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace deployctl::analysis {

struct Bucket {
    double edge = 0;   ///< infinity in the last one
    double count = 0;  ///< of requests at or below the edge

    friend bool operator==(const Bucket&, const Bucket&) = default;
};

/// In ascending order of edges, ends with +Inf, counts never fall.
using Histogram = std::vector<Bucket>;

struct HistogramTrouble {
    std::string text;
};

using HistogramOrTrouble = std::variant<Histogram, HistogramTrouble>;

/// "0.25", "1e-3", "+Inf".
std::optional<double> read_edge(std::string_view le);

struct LabelledCount {
    std::string le;
    double count = 0;
};

HistogramOrTrouble read_histogram(const std::vector<LabelledCount>& series);
/// What was counted between two readings of one pod; a count that fell means it began anew.
HistogramOrTrouble difference(const Histogram& before, const Histogram& now);
/// Of several pods with the same edges.
HistogramOrTrouble sum(const std::vector<Histogram>& histograms);

double requests_in(const Histogram& histogram);
/// Requests above the edge; nothing where the histogram has no such edge.
std::optional<Counts> above(const Histogram& histogram, double edge);

/// The edge above which the share of requests is nearest to 1 - `quantile` (as a ratio), of those
/// that tell something: at most half of the requests above it, and no fewer than a tenth of that
/// share. Of a service that is too fast or too slow for its buckets the lowest with at most half
/// above it, else the highest. Nothing without requests, or finite edges.
std::optional<double> edge_near_quantile(const Histogram& baseline, double quantile);
/// The edge nearest to a limit (as a ratio), such as an SLO's.
std::optional<double> edge_near(const Histogram& histogram, double limit);

}  // namespace deployctl::analysis
