// SPDX-License-Identifier: Apache-2.0
#include "gates/just_before.hpp"

#include "analysis/counters.hpp"
#include "gates/metric_gate.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace deployctl::gates {

namespace {

constexpr Duration step = seconds(30);

using Beginnings = std::map<std::string, WallTime>;

std::string pod_of(const MetricSeries& series) {
    const auto pod = series.labels.find(pod_label);
    return pod == series.labels.end() ? "" : pod->second;
}

Beginnings beginnings_of_pods(const MetricAnswer& answer) {
    Beginnings first;
    for (const auto& series : answer.series) {
        if (!series.points.empty()) {
            const auto at = series.points.front().at;
            auto& known = first.try_emplace(pod_of(series), at).first->second;
            known = std::min(known, at);
        }
    }
    return first;
}

double increase_of(const std::vector<MetricPoint>& points, bool began_at_nothing) {
    double sum = began_at_nothing ? points.front().value : 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
        sum += analysis::increase(points[i - 1].value, points[i].value);
    }
    return sum;
}

}  // namespace

MetricRange just_before(WallTime now) {
    return {now - looked_back_on, now, step};
}

MetricAnswer increases_in(MetricAnswer answer) {
    const auto beginnings = beginnings_of_pods(answer);
    for (auto& series : answer.series) {
        auto& points = series.points;
        const bool is_sound = std::ranges::all_of(points, [](const auto& point) {
            return analysis::is_sound_reading(point.value);
        });
        const bool is_later = !points.empty() && points.front().at > beginnings.at(pod_of(series));
        if (!is_sound || (points.size() < 2 && !is_later)) {
            points.clear();
            continue;
        }
        points = {{points.back().at, increase_of(points, is_later)}};
    }
    return answer;
}

}  // namespace deployctl::gates
