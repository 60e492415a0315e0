// SPDX-License-Identifier: Apache-2.0
// Series of the past, asked for with a bounded number of points, and read without what pods say
// while they warm up. Pure.
#pragma once

#include "analysis/theil_sen.hpp"
#include "gates/gate.hpp"
#include "model/value.hpp"

#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace deployctl::gates {

/// So many keep the evidence below 10 KB.
inline constexpr int most_points = 120;
inline constexpr std::size_t most_series_judged = 100;

/// How far a look goes back.
struct Past {
    std::optional<Duration> window;  ///< none: since the step began, at most an hour
    Duration resolution{};
    Duration warm_up{};
};

/// With the warm-up in front of it; coarser than asked for where it would be too many points.
MetricRange range_of(const Past& past, const Subjects& subjects, WallTime now);

struct LabelledSamples {
    std::map<std::string, std::string> labels;
    std::vector<analysis::Sample> samples;
};

/// At most one more than `most_points`: both ends of a range count.
template <class T>
void keep_last(std::vector<T>& values) {
    constexpr auto most = static_cast<std::ptrdiff_t>(most_points + 1);
    const auto too_many = std::ssize(values) - most;
    if (too_many > 0) {
        values.erase(values.begin(), values.begin() + too_many);
    }
}

using SeriesOrTrouble = std::variant<std::vector<LabelledSamples>, std::string>;

/// Finite samples only; of each series without its first `warm_up`.
SeriesOrTrouble series_of(const MetricAnswer& answer, Duration warm_up);

using deployctl::in_seconds;
double in_seconds(WallTime at);
Value values_of(const std::vector<analysis::Sample>& samples);
Value times_of(const std::vector<analysis::Sample>& samples);

}  // namespace deployctl::gates
