// SPDX-License-Identifier: Apache-2.0
// Whom and what gates are asked about: names, the workload to be, and the pods of both versions as
// one look has them. Pure; any thread.
#pragma once

#include "gates/gate.hpp"
#include "model/kubernetes/world.hpp"
#include "model/plan.hpp"

#include <string>

namespace deployctl::engine {

/// What `${...}` may name in a gate's texts, besides pods and track.
Placeholders names_of(const Plan& plan);

/// The manifest that policies judge, with the pod template of the next version.
Value workload_to_be(const Plan& plan);
/// The same of a workload as it was read: without what the cluster alone writes.
Value whole_manifest(Value workload);

/// What stays the same for the whole rollout.
gates::Subjects subjects_always(const Plan& plan);
/// The ready pods: of what is there before the rollout, or of the next version and of the one that
/// serves beside it.
void add_pods(
    gates::Subjects& subjects, const Plan& plan, const World& world, const std::string& stage
);

}  // namespace deployctl::engine
