// SPDX-License-Identifier: Apache-2.0
// What the waiting steps wait for, each a pure question to one look.
#pragma once

#include "engine/vigil.hpp"
#include "model/plan.hpp"

namespace deployctl::engine {

/// Pods that have to be ready at all times.
int floor_of(const Plan& plan);
/// Stable's pods once it runs `version` and no autoscaler decides.
int size_of(const Plan& plan, Version version);

/// As `kubectl rollout status` decides: generation observed, all pods of the present template,
/// available, and no older ones left.
Condition slot_is_ready(const Plan& plan, const AwaitReady& action);
Condition weight_is_reached(const Plan& plan, const AwaitWeight& action);
Condition service_reaches(const Plan& plan, const AwaitEndpoints& action);
/// Stable has its planned size, or what an autoscaler has made of it, all of it ready, and each
/// Service leads to somebody.
Condition serves_in_full(const Plan& plan, Version version);
/// Each of the slot's pods is ready, however few they are. True where it has been retired.
Condition slot_can_serve(const Plan& plan, Slot slot);
/// Where that takes ready pods away, enough of both slots are left.
Condition slot_can_shrink(const Plan& plan, const Scale& action);
/// The ReplicaSet that a pin to stable needs is there, and its pods can take the traffic: forward
/// as many as have to serve, back as many of them as serve now, and one at least. A pin that leaves
/// nobody can always be made.
Condition service_can_move(const Plan& plan, const PointService& action, Direction direction);
Condition time_has_passed(Clock& clock, Duration duration);
/// Gates have to pass, and nothing else.
Condition gates_alone();

}  // namespace deployctl::engine
