// SPDX-License-Identifier: Apache-2.0
#include "analysis/frozen_baseline.hpp"

#include "analysis/proportion.hpp"

#include <algorithm>
#include <cmath>

namespace deployctl::analysis {

std::optional<FrozenTest> make_frozen_test(const Counts& baseline, double alpha) {
    if (!is_sound(baseline) || baseline.requests == 0) {
        return std::nullopt;
    }
    FrozenTest test;
    test.alpha = alpha / 2;
    test.assumed_rate = bounds_of(baseline, alpha / 2).high;
    test.worse = make_curve(worse_ratios());
    return test.assumed_rate < 1 ? std::optional(test) : std::nullopt;
}

Taken take(FrozenTest& test, const Counts& canary, double widening) {
    if (!is_sound(canary) || !(widening >= 1)) {
        return Taken::unsound;
    }
    if (canary.requests == 0) {
        return Taken::one_sided;
    }
    test.canary += canary;
    add(test.worse, canary.events, canary.requests - canary.events, test.assumed_rate);
    test.most_worse = std::max(test.most_worse, log_evidence_against_first(test.worse, widening));
    return Taken::compared;
}

bool aborts(const FrozenTest& test) {
    return test.most_worse >= -std::log(test.alpha);
}

}  // namespace deployctl::analysis
