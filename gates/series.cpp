// SPDX-License-Identifier: Apache-2.0
#include "gates/series.hpp"

#include <algorithm>
#include <cmath>

namespace deployctl::gates {

namespace {

constexpr Duration longest_usual_window = std::chrono::hours(1);

}  // namespace

MetricRange range_of(const Past& past, const Subjects& subjects, WallTime now) {
    const auto usual = std::min<Duration>(subjects.at - subjects.since, longest_usual_window);
    const auto length = past.window.value_or(usual) + past.warm_up;
    const auto step = std::max<Duration>(past.resolution, length / most_points);
    return {now - length, now, std::max<Duration>(step, milliseconds(1))};
}

SeriesOrTrouble series_of(const MetricAnswer& answer, Duration warm_up) {
    if (answer.kind != MetricAnswer::Kind::series) {
        return answer.failure;
    }
    if (answer.series.size() > most_series_judged) {
        return std::to_string(answer.series.size()) + " series, at most " +
               std::to_string(most_series_judged) + " are judged: sum them up in the query";
    }
    std::vector<LabelledSamples> all;
    for (const auto& series : answer.series) {
        LabelledSamples one{series.labels, {}};
        for (const auto& point : series.points) {
            const bool is_warm = point.at >= series.points.front().at + warm_up;
            if (is_warm && std::isfinite(point.value)) {
                one.samples.push_back({in_seconds(point.at), point.value});
            }
        }
        keep_last(one.samples);  // a source may give more than it was asked for
        all.push_back(std::move(one));
    }
    if (all.empty()) {
        return std::string("no series: nothing is measured there");
    }
    return all;
}

double in_seconds(WallTime at) {
    return in_seconds(at.time_since_epoch());
}

Value values_of(const std::vector<analysis::Sample>& samples) {
    Value::Array list;
    for (const auto& sample : samples) {
        list.emplace_back(sample.value);
    }
    return list;
}

Value times_of(const std::vector<analysis::Sample>& samples) {
    Value::Array list;
    for (const auto& sample : samples) {
        list.emplace_back(sample.seconds);
    }
    return list;
}

}  // namespace deployctl::gates
