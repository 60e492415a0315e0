// SPDX-License-Identifier: Apache-2.0
// Charts of scores as inline SVG: no script, no style of their own, colours by the classes of the
// page, each with its words for who cannot see it. Pure; any thread.
#pragma once

#include "model/time.hpp"
#include "readiness/assessment.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace deployctl::readiness {

/// One assessment of before, in hundredths.
struct TrendPoint {
    WallTime at;
    std::int64_t low = 0;
    std::int64_t high = 0;
};

/// A ring: what is certain, and what could be.
std::string score_ring(const Interval& score, int minimum);
/// A bar for each category.
std::string category_bars(const std::vector<CategoryResult>& categories, int minimum);
/// The oldest at the left; needs two points.
std::string trend_chart(const std::vector<TrendPoint>& points, int minimum);

}  // namespace deployctl::readiness
