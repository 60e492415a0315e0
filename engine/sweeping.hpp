// SPDX-License-Identifier: Apache-2.0
// Clears away what ended rollouts have left and nobody needs any more, where there is no rollout to
// do so. Engine's thread. Throws what reading throws; what cannot be removed stays, and is in
// nobody's way.
#pragma once

#include "model/kubernetes/workload.hpp"
#include "model/rollout.hpp"
#include "ports/clock.hpp"
#include "ports/cluster.hpp"
#include "ports/store.hpp"

#include <vector>

namespace deployctl::engine {

/// Whom a sweep asks; each outlives it.
struct SweptPlaces {
    Cluster& cluster;
    Store& store;
    Clock& clock;
};

struct Leftover {
    Workload workload;
    RolloutId last;  ///< rollout of its app, which has ended
};

/// In the namespace and cluster of `place`, of its app where it names one: of the apps that the
/// journal knows, and of which neither it nor a Lease names a rollout that has not ended. Reads
/// only.
Task<std::vector<Leftover>> find_leftovers(SweptPlaces places, Target place);

/// Each by uid and resourceVersion, so that one which is taken up meanwhile stays, and noted first
/// in the journal of its app's last rollout. What was removed.
Task<std::vector<ObjectRef>> remove_leftovers(SweptPlaces places, std::vector<Leftover> leftovers);

}  // namespace deployctl::engine
