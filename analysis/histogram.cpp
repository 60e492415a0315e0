// SPDX-License-Identifier: Apache-2.0
#include "analysis/histogram.hpp"

#include "analysis/wording.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace deployctl::analysis {

namespace {

std::string bucket_told(double edge) {
    return "bucket le=\"" + short_number(edge) + "\"";
}

std::optional<std::string> trouble_of(const Histogram& histogram) {
    if (histogram.empty() || std::isfinite(histogram.back().edge)) {
        return "there is no bucket le=\"+Inf\"";
    }
    double before = 0;
    for (const auto& bucket : histogram) {
        if (!std::isfinite(bucket.count) || bucket.count < 0) {
            return bucket_told(bucket.edge) + " has the count " + short_number(bucket.count);
        }
        if (bucket.count < before) {
            return bucket_told(bucket.edge) + " has fewer than the one below it";
        }
        before = bucket.count;
    }
    return std::nullopt;
}

HistogramOrTrouble checked(Histogram histogram) {
    if (const auto trouble = trouble_of(histogram)) {
        return HistogramTrouble{*trouble};
    }
    return histogram;
}

bool same_edges(const Histogram& one, const Histogram& other) {
    return std::ranges::equal(one, other, {}, &Bucket::edge, &Bucket::edge);
}

/// The finite edge for which `distance` is smallest; infinite ones are no choice.
template <class Distance>
std::optional<double> nearest(const Histogram& histogram, const Distance& distance) {
    std::optional<double> best;
    double least = std::numeric_limits<double>::infinity();
    for (const auto& bucket : histogram) {
        const double far =
            std::isfinite(bucket.edge) ? distance(bucket) : std::numeric_limits<double>::infinity();
        if (far < least) {
            least = far;
            best = bucket.edge;
        }
    }
    return best;
}

double times_apart(double one, double other) {
    return one > 0 && other > 0 ? std::abs(std::log(one / other))
                                : std::numeric_limits<double>::infinity();
}

}  // namespace

std::optional<double> read_edge(std::string_view le) {
    if (le.starts_with('+')) {
        le.remove_prefix(1);
    }
    double edge = 0;
    const auto* end = le.data() + le.size();
    const auto [rest, error] = std::from_chars(le.data(), end, edge);
    const bool is_read = error == std::errc() && rest == end && !std::isnan(edge);
    return is_read && edge > -std::numeric_limits<double>::infinity() ? std::optional(edge)
                                                                      : std::nullopt;
}

HistogramOrTrouble read_histogram(const std::vector<LabelledCount>& series) {
    Histogram histogram;
    for (const auto& [le, count] : series) {
        const auto edge = read_edge(le);
        if (!edge) {
            return HistogramTrouble{"le=\"" + le.substr(0, 40) + "\" is no number"};
        }
        histogram.push_back({*edge, count});
    }
    std::ranges::sort(histogram, {}, &Bucket::edge);
    const auto twice = std::ranges::adjacent_find(histogram, {}, &Bucket::edge);
    if (twice != histogram.end()) {
        return HistogramTrouble{bucket_told(twice->edge) + " is there twice: sum over the labels"};
    }
    return checked(std::move(histogram));
}

HistogramOrTrouble difference(const Histogram& before, const Histogram& now) {
    if (!same_edges(before, now)) {
        return HistogramTrouble{"the buckets have other edges than before"};
    }
    if (requests_in(now) < requests_in(before)) {
        return now;
    }
    Histogram gained = now;
    for (std::size_t i = 0; i < now.size(); ++i) {
        gained[i].count -= before[i].count;
    }
    return checked(std::move(gained));
}

HistogramOrTrouble sum(const std::vector<Histogram>& histograms) {
    if (histograms.empty()) {
        return HistogramTrouble{"there is no histogram"};
    }
    Histogram all = histograms.front();
    for (std::size_t i = 1; i < histograms.size(); ++i) {
        if (!same_edges(all, histograms[i])) {
            return HistogramTrouble{"the pods have buckets with different edges"};
        }
        for (std::size_t k = 0; k < all.size(); ++k) {
            all[k].count += histograms[i][k].count;
        }
    }
    return all;
}

double requests_in(const Histogram& histogram) {
    return histogram.empty() ? 0 : histogram.back().count;
}

std::optional<Counts> above(const Histogram& histogram, double edge) {
    const auto found = std::ranges::find(histogram, edge, &Bucket::edge);
    if (found == histogram.end()) {
        return std::nullopt;
    }
    const double all = requests_in(histogram);
    return Counts{all, all - found->count};
}

std::optional<double> edge_near_quantile(const Histogram& baseline, double quantile) {
    const double all = requests_in(baseline);
    return nearest(baseline, [&](const Bucket& bucket) {
        return all > 0 ? times_apart(1 - bucket.count / all, 1 - quantile)
                       : std::numeric_limits<double>::infinity();
    });
}

std::optional<double> edge_near(const Histogram& histogram, double limit) {
    return nearest(histogram, [&](const Bucket& bucket) {
        return times_apart(bucket.edge, limit);
    });
}

LatencyEdges choose_edges(const Histogram& baseline, double alpha) {
    LatencyEdges chosen;
    for (const double quantile : {0.9, 0.99}) {
        const auto edge = edge_near_quantile(baseline, quantile);
        if (edge && std::ranges::find(chosen.edges, *edge) == chosen.edges.end()) {
            chosen.edges.push_back(*edge);
        }
    }
    std::ranges::sort(chosen.edges);
    chosen.alpha_each = chosen.edges.empty() ? 0 : alpha / static_cast<double>(chosen.edges.size());
    return chosen;
}

}  // namespace deployctl::analysis
