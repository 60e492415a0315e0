// SPDX-License-Identifier: Apache-2.0
// The rollout's record in the cluster: one ControllerRevision with the whole plan and its digest,
// immutable at the API server, enough to go back with no journal (docs/formats/cluster-record.md).
// Pure, but for `load`.
#pragma once

#include "model/plan.hpp"
#include "model/rollout.hpp"
#include "ports/cluster.hpp"

#include <optional>
#include <string>

namespace deployctl::engine {

ObjectRef record_ref(const Target& target, const RolloutId& rollout);
/// The plan is the one that the rollout's digest is of.
Value make_record(const Plan& plan, const RolloutRecord& rollout);

struct ClusterRecord {
    Plan plan;
    std::string initiator;  ///< who began it; empty in one of before this was written
};

/// Nothing where there is no record; throws Error{state_unreadable} where its digest is wrong.
Task<std::optional<ClusterRecord>> load_record(Cluster& cluster, Target target, RolloutId rollout);

}  // namespace deployctl::engine
