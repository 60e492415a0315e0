// SPDX-License-Identifier: Apache-2.0
#include "analysis/histogram.hpp"

#include "analysis/wording.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace deployctl::analysis {

namespace {

/// Of more than half no version can have so many times more that it is surely worse.
constexpr double most_above = 0.5;
/// The part of the wanted share below which there is next to nothing to count.
constexpr double least_of_wanted = 0.1;

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

/// The lowest finite edge of which that is true, else the highest one.
template <class Condition>
std::optional<double> first_edge(const Histogram& histogram, const Condition& condition) {
    std::optional<double> found;
    for (const auto& bucket : histogram) {
        if (std::isfinite(bucket.edge)) {
            found = bucket.edge;
            if (condition(bucket)) {
                break;
            }
        }
    }
    return found;
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
    if (!(all > 0)) {
        return std::nullopt;
    }
    const double wanted = 1 - quantile;
    const auto share_above = [&](const Bucket& bucket) { return 1 - bucket.count / all; };
    const auto telling = nearest(baseline, [&](const Bucket& bucket) {
        const double share = share_above(bucket);
        const bool tells = share <= most_above && share >= wanted * least_of_wanted;
        return tells ? times_apart(share, wanted) : std::numeric_limits<double>::infinity();
    });
    return telling ? telling : first_edge(baseline, [&](const Bucket& bucket) {
        return share_above(bucket) <= most_above;
    });
}

std::optional<double> edge_near(const Histogram& histogram, double limit) {
    return nearest(histogram, [&](const Bucket& bucket) {
        return times_apart(bucket.edge, limit);
    });
}

}  // namespace deployctl::analysis
