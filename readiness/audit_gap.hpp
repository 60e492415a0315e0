// SPDX-License-Identifier: Apache-2.0
// What a written report claims beside what was measured, category by category. Pure; any thread.
#pragma once

#include "readiness/assessment.hpp"
#include "readiness/audit.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::readiness {

struct CategoryGap {
    std::string title;                    ///< as it is measured
    std::string claimed_as;               ///< as the report names it; empty: it does not
    std::optional<std::int64_t> claimed;  ///< hundredths
    std::optional<Interval> measured;
};

/// All measured categories, in their order, then rows of the report that are like none of them.
std::vector<CategoryGap> gaps_between(const Audit& audit, const Assessment& measured);

}  // namespace deployctl::readiness
