// SPDX-License-Identifier: Apache-2.0
#include "analysis/threshold.hpp"

#include <cmath>

namespace deployctl::analysis {

Answer judge(const Threshold& threshold, double value) {
    if (!std::isfinite(value) || !std::isfinite(threshold.limit)) {
        return Answer::error;
    }
    const bool holds =
        threshold.side == Side::at_most ? value <= threshold.limit : value >= threshold.limit;
    return holds ? Answer::pass : Answer::fail;
}

}  // namespace deployctl::analysis
