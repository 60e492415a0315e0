// SPDX-License-Identifier: Apache-2.0
// The changes that deployctl makes to objects, each as "what of this patch is still missing on the
// object as it was seen": an empty patch means that it holds already. Every operation tests the
// value it replaces. Pure.
#pragma once

#include "model/json_patch.hpp"
#include "model/plan.hpp"
#include "model/value.hpp"

namespace deployctl::engine {

/// It is as it shall be, whatever it is.
JsonPatch no_change(const Value& object);
/// `pointer` shall have `wanted`; its parent exists.
JsonPatch set_field(const Value& object, const std::string& pointer, const Value& wanted);
JsonPatch set_replicas(const Value& workload, int replicas);
/// At least so many.
JsonPatch raise_replicas(const Value& workload, int replicas);
JsonPatch set_template(
    const Value& workload, const Value& pod_template, std::optional<int> replicas
);
JsonPatch set_selector(const Value& service, const Labels& selector);
/// On `workload` with min = max = `replicas`; a ScaledObject is paused there, since KEDA would undo
/// a write to the autoscaler that it has made of it.
JsonPatch hold_autoscaler(const Value& autoscaler, int replicas, const std::string& workload);
/// On `workload`, never smaller than `replicas`, up to its owner's maximum.
JsonPatch move_autoscaler(
    const Value& autoscaler,
    const Value& original,
    const MoveAutoscaler& action,
    const std::string& workload
);
/// "2..10".
std::string limits_of(const Value& autoscaler);
bool is_held(const Value& autoscaler);
bool is_scaled_object(const Value& autoscaler);
JsonPatch restore_autoscaler(const Value& autoscaler, const Value& original);
/// The candidate as `wanted`, which is without pods, no tombstone any more. Its selector stays.
JsonPatch reuse_candidate(const Value& candidate, const Value& wanted);
JsonPatch retire(const Value& workload, const std::string& when);

}  // namespace deployctl::engine
