// SPDX-License-Identifier: Apache-2.0
// A course whose new version ends with another number of pods than the old one has: more are ready
// before the traffic comes to them, fewer are left only after it has gone to others. Back, the old
// version has as many as it had. Pure.
#pragma once

#include "model/plan.hpp"

#include <vector>

namespace deployctl::strategies {

/// `scene` has no autoscaler: it would decide about the size.
void resize(Course& course, std::vector<Step>& way_back, const Scene& scene, int size);

}  // namespace deployctl::strategies
