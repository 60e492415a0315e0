// SPDX-License-Identifier: Apache-2.0
// The line through a noisy series that a third of wild values does not move: the median of the
// slopes of all pairs (Theil 1950; Sen 1968). Takes time with the square of the samples; for long
// series see trend.hpp. Pure; any thread.
#pragma once

#include <optional>
#include <span>

namespace deployctl::analysis {

struct Sample {
    double seconds = 0;
    double value = 0;

    friend bool operator==(const Sample&, const Sample&) = default;
};

struct Line {
    double slope = 0;   ///< a second
    double at_end = 0;  ///< the height at the last sample's time
};

/// Nothing where fewer than two samples are finite or all are of one time.
std::optional<Line> theil_sen(std::span<const Sample> samples);

}  // namespace deployctl::analysis
