// SPDX-License-Identifier: Apache-2.0
// The journal of a rollout, made again from what stands on the cluster: the Lease says which
// rollout and in which state, the record has its plan, and the objects tell at which step it is.
// What the journal cannot know any more (verdicts, times, requests) is not made up. Nothing is
// written to the cluster, but for a Lease that is taken over.
#pragma once

#include "engine/cluster_record.hpp"
#include "engine/lease.hpp"
#include "engine/rollout.hpp"

#include <vector>

namespace deployctl::engine {

struct Adoption {
    RolloutRecord rollout;
    enum class Kind {
        imported,
        known,  ///< this journal has it already
    } kind{};
};

/// The rollout that the Lease of `target.app` names. Throws Error: usage where there is none,
/// blocked where it has ended or has changed nothing, locked where its runner lives or this journal
/// has another active one, state_unreadable where its record is damaged.
Task<Adoption> adopt(Ports ports, Target target, RunOptions options);

/// Throws Error{usage} where the Lease names no rollout.
void need_named(const LeaseView& view, const Target& target);
/// Ends a rollout whose runner was lost before its record stood, so that it has written nothing
/// else: it might be about to, so the Lease is taken from it first. What the Lease said before.
/// Throws Error{locked} where its runner lives, or the record stands by now.
Task<LeaseView> free_unrecorded(Ports ports, Target target, RolloutId rollout, LockPolicy policy);
/// Begins the rollout of the Lease in this journal, as far as the cluster shows it. Throws
/// Error{locked} where this journal has another active one.
Task<RolloutRecord> import_rollout(
    Ports ports, ClusterRecord recorded, LeaseView view, RunOptions options
);
/// An import that was cut short is completed; every other rollout stays as it is.
Task<RolloutRecord> complete_import(Ports ports, Plan plan, RolloutRecord record);

}  // namespace deployctl::engine
