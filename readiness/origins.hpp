// SPDX-License-Identifier: Apache-2.0
// Where rendered objects come from: each node of a rendering gets the place of the field that it
// was made of, in the patch or the resource of the outermost layer that has it. Pure; any thread.
#pragma once

#include "readiness/kustomize.hpp"

namespace deployctl::readiness {

/// A copy of the rendered tree whose nodes name their file (Node::source) and spot. What no file
/// has in these words (generated, replaced) is said to be at the kustomization that makes it.
documents::Tree with_origins(
    const documents::Tree& rendered, const Reach& reach, const std::deque<AssessedFile>& files
);

}  // namespace deployctl::readiness
