// SPDX-License-Identifier: Apache-2.0
// Bounds of one version's own rate that hold at every look at once (Robbins 1970; Howard et al.
// 2021): all p that a mixture of two beta distributions does not outdo by 1/alpha. One is
// Jeffreys', the other expects rare events, so that a service without errors is believed sooner.
// Pure; any thread.
#pragma once

#include "analysis/counts.hpp"

namespace deployctl::analysis {

struct RateBounds {
    double low = 0;
    double high = 1;
};

/// `widening` >= 1: the counts are worth that much less (dispersion.hpp). No requests: 0 to 1.
RateBounds bounds_of(const Counts& counts, double alpha, double widening = 1);

}  // namespace deployctl::analysis
