// SPDX-License-Identifier: Apache-2.0
// The way from the files of a folder to an assessment: render, gather, ask, waive, count.
// Engine's thread; making trees of texts and asking use all cores meanwhile.
#pragma once

#include "ports/task.hpp"
#include "readiness/assessment.hpp"
#include "readiness/reading.hpp"
#include "readiness/rendering.hpp"

#include <memory>
#include <vector>

namespace deployctl::readiness {

struct AssessmentOrder {
    Settings settings;
    std::shared_ptr<const RulePack> pack;  ///< shared with the result
    RenderTools tools;
    std::vector<AssessedFile> live = {};  ///< of the cluster, where it is asked too
    WallTime now;                         ///< by which waivers expire
};

/// Of what was read with the order's settings, so that an earlier answer can be looked for between.
Task<Assessment> assess(ReadTree read, AssessmentOrder order);

}  // namespace deployctl::readiness
