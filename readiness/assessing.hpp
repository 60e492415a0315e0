// SPDX-License-Identifier: Apache-2.0
// The whole way from a folder to an assessment: walk, read, render, gather, ask, waive, count.
// Engine's thread; reading and asking use all cores meanwhile.
#pragma once

#include "ports/source_tree.hpp"
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

/// Reads the tree at once.
Task<Assessment> assess(const SourceTree* tree, AssessmentOrder order);
/// Of what was read with the order's settings, for whoever has looked for an earlier answer first.
Task<Assessment> assess(ReadTree read, AssessmentOrder order);

}  // namespace deployctl::readiness
