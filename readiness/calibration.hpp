// SPDX-License-Identifier: Apache-2.0
// Does a check say anything about how rollouts end here? Of each check that had failed before some
// rollout: how many of those rollouts went wrong, and how many of the others. Counts, no test: a
// few rollouts prove nothing, and below twenty nothing is said. Pure; any thread.
#pragma once

#include <string>
#include <vector>

namespace deployctl::readiness {

inline constexpr int least_rollouts = 20;

/// One that has ended, and was assessed before.
struct AssessedRollout {
    std::vector<std::string> failed_checks;
    bool went_wrong = false;  ///< rolled back, or left for a human
};

struct EndCounts {
    int rollouts = 0;
    int went_wrong = 0;
};

struct CalibrationRow {
    std::string check;
    EndCounts with;     ///< the check had failed
    EndCounts without;  ///< it had not
};

/// By how much more often rollouts went wrong with the check failing, the most first.
std::vector<CalibrationRow> calibrate(const std::vector<AssessedRollout>& rollouts);

}  // namespace deployctl::readiness
