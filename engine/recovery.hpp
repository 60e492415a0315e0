// SPDX-License-Identifier: Apache-2.0
// Rollouts that nobody runs: what the journal and the Leases of a namespace show of them. Reads
// only.
#pragma once

#include "engine/lease.hpp"
#include "model/journal.hpp"
#include "ports/store.hpp"

#include <string>
#include <vector>

namespace deployctl::engine {

struct LostRollout {
    RolloutRecord rollout;  ///< of one that only the cluster names: its id, target and state
    bool is_known = true;   ///< to this journal
    LeaseView lock;
    std::vector<IntentRecorded> in_flight;  ///< intended, and nobody wrote down what became of it
    std::vector<std::string> pins;          ///< "Service/web: pod-template-hash=5d8f"
};

/// A person has to decide about it before anybody runs it again.
bool waits_for_somebody(const LostRollout& lost);

enum class Whose {
    mine,  ///< begun by this person, or run on this host
    all,   ///< also those that only a Lease names
};

/// Whom is asked; each outlives the search.
struct Witnesses {
    Cluster& cluster;
    Store& store;
    Runners& runners;
};

/// In the namespace and cluster of `place`, oldest first.
Task<std::vector<LostRollout>> find_lost(Witnesses witnesses, Target place, Whose whose);

/// What a rollout has made of the object that it takes back again before it ends, as
/// "Service/web: deployctl.dev/track=canary"; empty where nothing.
std::vector<std::string> half_done(const Value& object);

/// What nobody can restore without the rollout's record, and must not be taken for an end:
/// "Service/web: deployctl.dev/track=canary", "Deployment/web-canary has 2 pods".
Task<std::vector<std::string>> left_half_done(Cluster& cluster, RolloutId rollout);

}  // namespace deployctl::engine
