// SPDX-License-Identifier: Apache-2.0
#include "analysis/ratio_curve.hpp"

#include "analysis/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace deployctl::analysis {

namespace {

struct Point {
    double log_ratio = 0;
    double height = 0;
};

/// Where the curve falls to `floor` at the latest, between its last point above and the first
/// below. A concave curve stays under the line through two points, beyond them.
double crossing(const Point& before, const Point& last_above, const Point& below, double floor) {
    const double slope =
        (last_above.height - before.height) / (last_above.log_ratio - before.log_ratio);
    const double reached = last_above.log_ratio + (floor - last_above.height) / slope;
    const double step = below.log_ratio - last_above.log_ratio;
    const bool between = (reached - last_above.log_ratio) / step >= 0 &&
                         (reached - last_above.log_ratio) / step <= 1;
    return between ? reached : below.log_ratio;
}

}  // namespace

RatioCurve make_curve(std::vector<double> ratios) {
    RatioCurve curve;
    curve.costs.assign(ratios.size(), 0);
    curve.ratios = std::move(ratios);
    return curve;
}

void add(RatioCurve& curve, double hits, double misses, double share) {
    const double events = hits + misses;
    if (events == 0) {
        return;
    }
    curve.hits += hits;
    curve.misses += misses;
    for (std::size_t i = 0; i < curve.ratios.size(); ++i) {
        curve.costs[i] += events * std::log1p((curve.ratios[i] - 1) * share);
    }
}

double log_likelihood(const RatioCurve& curve, std::size_t index) {
    return curve.hits * std::log(curve.ratios[index]) - curve.costs[index];
}

double log_evidence_against_first(const RatioCurve& curve, double widening) {
    const double null = log_likelihood(curve, 0);
    std::vector<double> logs;
    logs.reserve(curve.ratios.size());
    for (std::size_t i = 1; i < curve.ratios.size(); ++i) {
        logs.push_back((log_likelihood(curve, i) - null) / widening);
    }
    return log_mean(logs);
}

RatioBounds bounds_of(
    const RatioCurve& curve, const std::vector<double>& log_weights, double alpha, double widening
) {
    const auto size = curve.ratios.size();
    std::vector<Point> points;
    std::vector<double> weighted;
    for (std::size_t i = 0; i < size; ++i) {
        points.push_back({std::log(curve.ratios[i]), log_likelihood(curve, i) / widening});
        weighted.push_back(points.back().height + log_weights[i]);
    }
    const double floor = log_sum(weighted) + std::log(alpha);
    std::size_t first = 0;
    while (first + 1 < size && points[first].height <= floor) {
        ++first;
    }
    std::size_t last = size - 1;
    while (last > first && points[last].height <= floor) {
        --last;
    }
    const auto edge = [&](std::size_t above, int outward) {
        const auto inner = std::clamp<std::ptrdiff_t>(
            static_cast<std::ptrdiff_t>(above) - outward, 0, static_cast<std::ptrdiff_t>(size) - 1
        );
        const auto outer = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(above) + outward);
        return std::exp(
            crossing(points[static_cast<std::size_t>(inner)], points[above], points[outer], floor)
        );
    };
    return {
        first == 0 ? 0 : edge(first, -1),
        last == size - 1 ? std::numeric_limits<double>::infinity() : edge(last, 1)
    };
}

}  // namespace deployctl::analysis
