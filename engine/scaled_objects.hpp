// SPDX-License-Identifier: Apache-2.0
// KEDA makes a HorizontalPodAutoscaler of a ScaledObject and undoes what others write to it, so the
// ScaledObject is what a rollout pauses and gives back.
#pragma once

#include "engine/planning.hpp"
#include "ports/cluster.hpp"

namespace deployctl::engine {

/// Notes the one that the workload's autoscaler is made of; none where that is its owner's own, or
/// where the ScaledObject may not be read.
Task<> note_scaled_object(Cluster* cluster, World world, PlanRequest* request);

}  // namespace deployctl::engine
