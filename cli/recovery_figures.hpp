// SPDX-License-Identifier: Apache-2.0
// How recoveries went, drills and real ones: what service levels are promised by. Pure; any thread.
#pragma once

#include "model/operation.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

/// Of one objective: RTO or RPO.
struct ObjectiveFigures {
    int measured = 0;
    int met = 0;
    double median_seconds = 0;  ///< of those that were measured; of two in the middle, the longer
    double longest_seconds = 0;
};

struct RecoveryFigures {
    int ended = 0;  ///< drills, failovers and failbacks
    int good = 0;   ///< that came to their end
    ObjectiveFigures rto;
    ObjectiveFigures rpo;
};

RecoveryFigures figures_of(const std::vector<Operation>& operations);
Value to_value(const RecoveryFigures& figures);
/// "4 of 5 came to their end; rto met by 4 of 4, median 2m00s, longest 4m00s; rpo ..."
std::string to_text(const RecoveryFigures& figures);

}  // namespace deployctl::cli
