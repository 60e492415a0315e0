// SPDX-License-Identifier: Apache-2.0
// Canary by pods: both versions behind the same Services, in the ratio of the weight, gates
// between; at 100 % the Services are pinned to the candidate, and stable takes the version over
// (fold). Floor of stable: its share of the weight. Required capacity of the candidate: its share,
// all at 100 %.
#pragma once

#include "model/plan.hpp"

namespace deployctl::strategies {

Course canary(const Scene& scene, const CanarySettings& settings);

}  // namespace deployctl::strategies
