// SPDX-License-Identifier: Apache-2.0
// The test where no baseline runs beside the canary (weight 100, blue-green, bake): stable's
// counters of just before are frozen, and the canary's own rate is held against their upper bound.
// Half of alpha goes to that bound, half to the test. It is the process of ratio_curve.hpp with the
// bound in the place of the share, failed requests as hits and good ones as misses. It does not see
// that the whole world became worse meanwhile: use it together with a threshold. A value.
#pragma once

#include "analysis/counts.hpp"
#include "analysis/rate_test.hpp"
#include "analysis/ratio_curve.hpp"

#include <optional>

namespace deployctl::analysis {

struct FrozenTest {
    double assumed_rate = 1;  ///< the upper bound of the baseline's rate
    double alpha = 0.005;     ///< what is left for the test
    RatioCurve worse;
    Counts canary;
    double most_worse = 0;
};

/// Nothing where the baseline is unsound, had no requests, or failed always.
std::optional<FrozenTest> make_frozen_test(const Counts& baseline, double alpha);
/// A look without requests adds nothing.
Taken take(FrozenTest& test, const Counts& canary, double widening = 1);
bool aborts(const FrozenTest& test);

}  // namespace deployctl::analysis
