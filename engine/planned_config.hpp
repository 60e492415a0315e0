// SPDX-License-Identifier: Apache-2.0
// Configuration as part of a version: the pod template reads immutable copies, which the plan makes
// before anything else, so that going back brings the old data back with the old references. Pure.
#pragma once

#include "engine/config_inputs.hpp"
#include "model/plan.hpp"

#include <string>
#include <vector>

namespace deployctl::engine {

/// One copy, as `Release::copies` has it: no data.
struct PlannedCopy {
    ObjectRef source;
    ObjectRef copy;
    std::string hash;  ///< of the data that was seen
};

std::vector<PlannedCopy> copies_of(const Plan& plan);

struct ConfigFindings {
    std::vector<std::string> refusals;
    std::vector<std::string> warnings;
};

/// Rewrites the references of the next version's template, says what has changed, and puts the step
/// that makes the copies before the first change.
ConfigFindings use_config(Plan& plan, const std::vector<ConfigInput>& inputs);

}  // namespace deployctl::engine
