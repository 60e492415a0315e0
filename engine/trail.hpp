// SPDX-License-Identifier: Apache-2.0
// What the objects of a plan say of how far its rollout went: each write leaves its fence, its
// direction and its step on the object (docs/formats/cluster-record.md). For whoever has no
// journal of it, or one that other runners have overtaken. Engine's thread.
#pragma once

#include "engine/fence.hpp"
#include "engine/lease.hpp"
#include "model/journal.hpp"
#include "model/plan.hpp"

#include <optional>
#include <vector>

namespace deployctl::engine {

struct Trail {
    std::int64_t epoch = 0;       ///< the highest on any of them, whichever rollout wrote it
    std::optional<Fence> newest;  ///< of the newest change that this rollout has made
    Standing standing;            ///< as of that: every later step has written nothing yet
};

/// Takes in the epoch of one object, whichever rollout wrote it.
void note_epoch(Trail& trail, const Value& object);
/// Takes in one object.
void follow(Trail& trail, const Value& object, const RolloutId& rollout);
/// The steps of the way forward from `from` on, and before `to`, as the cluster shows them: done,
/// by a runner that the journal does not know.
std::vector<Entry> steps_shown_by_cluster(const Plan& plan, int from, int to);
/// Takes in the epoch of the rollout's record: where its Lease was deleted at once, that may be all
/// that tells of it, and an epoch that a journal knows must not be given a second time.
Task<> note_record(Trail* trail, Cluster& cluster, Target target, RolloutId rollout);
Task<Trail> read_trail(Cluster& cluster, Plan plan, RolloutId rollout);

}  // namespace deployctl::engine
