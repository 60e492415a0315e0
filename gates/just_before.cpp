// SPDX-License-Identifier: Apache-2.0
#include "gates/just_before.hpp"

#include "analysis/counters.hpp"

#include <algorithm>

namespace deployctl::gates {

namespace {

constexpr Duration how_long = minutes(10);
constexpr Duration step = seconds(30);

double increase_of(const std::vector<MetricPoint>& points) {
    double sum = 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
        sum += analysis::increase(points[i - 1].value, points[i].value);
    }
    return sum;
}

}  // namespace

MetricRange just_before(WallTime now) {
    return {now - how_long, now, step};
}

MetricAnswer increases_in(MetricAnswer answer) {
    for (auto& series : answer.series) {
        auto& points = series.points;
        const bool is_sound = std::ranges::all_of(points, [](const auto& point) {
            return analysis::is_sound_reading(point.value);
        });
        if (points.size() < 2 || !is_sound) {
            points.clear();
            continue;
        }
        points = {{points.back().at, increase_of(points)}};
    }
    return answer;
}

}  // namespace deployctl::gates
