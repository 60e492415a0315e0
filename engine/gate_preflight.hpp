// SPDX-License-Identifier: Apache-2.0
// Every query of the gates is asked once before a rollout begins, about the pods that are there: a
// mistake in it, or a source that does not answer, must not be found in the middle. Reads only.
#pragma once

#include "engine/preflight.hpp"
#include "ports/metrics.hpp"

namespace deployctl::engine {

Task<PreflightResult> preflight_gates(Metrics& metrics, const World* world, Plan plan);

}  // namespace deployctl::engine
