// SPDX-License-Identifier: Apache-2.0
#include "analysis/counts.hpp"

#include <cmath>

namespace deployctl::analysis {

bool is_sound(const Counts& counts) {
    return std::isfinite(counts.requests) && counts.events >= 0 && counts.events <= counts.requests;
}

double rate_of(const Counts& counts) {
    return counts.requests > 0 ? counts.events / counts.requests : 0;
}

}  // namespace deployctl::analysis
