// SPDX-License-Identifier: Apache-2.0
// Rolling: stable's own controller replaces the pods, within the workload's surge and unavailable
// limits; gates watch. With batches it stops between them, on the candidate slot (a canary by
// pods). After a kill -9 the controller goes on alone until a runner is back; the plan says so.
// Floor of stable: the workload's own maxUnavailable. There is no candidate.
#pragma once

#include "model/plan.hpp"

namespace deployctl::strategies {

Course rolling(const Scene& scene, const RollingSettings& settings);

}  // namespace deployctl::strategies
