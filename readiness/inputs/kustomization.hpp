// SPDX-License-Identifier: Apache-2.0
// What makes manifests and is none: kustomizations, their JSON patches, and charts of Helm. Their
// trees are kept for rendering; by themselves they have no subjects. One thread.
#pragma once

#include "readiness/input.hpp"

namespace deployctl::readiness {

Input kustomization_input();
Input json_patch_input();
Input helm_chart_input();

}  // namespace deployctl::readiness
