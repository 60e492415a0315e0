// SPDX-License-Identifier: Apache-2.0
// The rank-sum test of two series (Wilcoxon 1945; Mann & Whitney 1947) with the Hodges-Lehmann
// estimate of the shift and its interval. Exact for up to 50 values a side without ties, otherwise
// the normal approximation with tie and continuity correction. The interval is made of differences
// that are there (order statistics), not of a root that is searched, so it is exact at any scale
// and the same each time. Pure; any thread.
#pragma once

#include <vector>

namespace deployctl::analysis {

struct RankSum {
    double u = 0;      ///< pairs in which the experiment is above the control; a tie is half a pair
    double p = 1;      ///< two-sided
    double shift = 0;  ///< experiment less control, the median of all differences
    double low = 0;    ///< of the shift; infinite where so few values cannot say
    double high = 0;
    bool is_exact = false;
};

/// Finite values, at least one a side. `confidence` of the interval, such as 0.98.
RankSum rank_sum(std::vector<double> control, std::vector<double> experiment, double confidence);

/// P(U <= u) without ties.
double rank_sum_cdf(double u, int one, int other);

}  // namespace deployctl::analysis
