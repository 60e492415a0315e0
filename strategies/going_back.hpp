// SPDX-License-Identifier: Apache-2.0
// The way back from anywhere in a course: capacity of the old version, traffic to it, the candidate
// away, the owners' own settings again. Every action is an ensure, so what already holds costs
// nothing. Pure.
#pragma once

#include "model/plan.hpp"

#include <vector>

namespace deployctl::strategies {

std::vector<Step> going_back(const Scene& scene, const Course& forward);

}  // namespace deployctl::strategies
