// SPDX-License-Identifier: Apache-2.0
// Blue-green: the candidate at full size beside stable and without traffic, gates against it, then
// one write a Service switches all traffic; the old set stays warm for `keep_old`, then stable
// takes the version over. Floor of stable and required capacity of the candidate: all pods, until
// the fold.
#pragma once

#include "model/plan.hpp"

namespace deployctl::strategies {

Course blue_green(const Scene& scene, const BlueGreenSettings& settings);

}  // namespace deployctl::strategies
