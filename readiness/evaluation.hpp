// SPDX-License-Identifier: Apache-2.0
// Facts and rules to an assessment: subjects are gathered, each rule is asked of each of its own,
// and the points are counted. Pure; rules are asked side by side on all cores, and the result is
// the same on any number of them.
#pragma once

#include "model/time.hpp"
#include "readiness/assessment.hpp"

#include <memory>

namespace deployctl::readiness {

/// Of all inputs, in their order.
void gather_subjects(Facts& facts);

/// With findings, without points.
Assessment ask_rules(std::shared_ptr<const Facts> facts, std::shared_ptr<const RulePack> pack);

/// The points of what its findings say, exactly.
void count_points(Assessment& assessment);

}  // namespace deployctl::readiness
