// SPDX-License-Identifier: Apache-2.0
#include "readiness/calibration.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace deployctl::readiness {

namespace {

void count(const AssessedRollout& rollout, EndCounts& counts) {
    ++counts.rollouts;
    counts.went_wrong += rollout.went_wrong ? 1 : 0;
}

double share(const EndCounts& counts) {
    return counts.rollouts == 0 ? 0 : static_cast<double>(counts.went_wrong) / counts.rollouts;
}

double excess(const CalibrationRow& row) {
    return share(row.with) - share(row.without);
}

}  // namespace

std::vector<CalibrationRow> calibrate(const std::vector<AssessedRollout>& rollouts) {
    EndCounts all;
    std::map<std::string, EndCounts> with;
    for (const auto& rollout : rollouts) {
        count(rollout, all);
        const std::set<std::string> checks(
            rollout.failed_checks.begin(), rollout.failed_checks.end()
        );
        for (const auto& check : checks) {
            count(rollout, with[check]);
        }
    }
    std::vector<CalibrationRow> rows;
    for (const auto& [check, counts] : with) {
        const EndCounts others{all.rollouts - counts.rollouts, all.went_wrong - counts.went_wrong};
        rows.push_back({check, counts, others});
    }
    std::stable_sort(
        rows.begin(),
        rows.end(),
        [](const CalibrationRow& one, const CalibrationRow& other) {
            return excess(one) > excess(other);
        }
    );
    return rows;
}

}  // namespace deployctl::readiness
