// SPDX-License-Identifier: Apache-2.0
// A promoted release that is looked after: which of its pods are doomed, which of them may be
// restarted now, and what somebody else has changed since. The judging is pure; the two tasks ask
// and write through the port. Nothing here throws but what the port does.
#pragma once

#include "model/kubernetes/world.hpp"
#include "model/plan.hpp"
#include "ports/clock.hpp"
#include "ports/cluster.hpp"

#include <string>
#include <vector>

namespace deployctl::engine {

/// A pod that will not get ready by itself.
struct DoomedPod {
    std::string name;
    std::string uid;
    std::string resource_version;
    std::string why;           ///< "CrashLoopBackOff, exit 1, 3 restarts"
    bool has_started = false;  ///< so that a disruption budget counts it
    Duration confirm{};        ///< how long it has to be seen so
};

struct Diagnosis {
    int wanted = 0;
    int ready = 0;
    int at_once = 1;  ///< that may be missing, by the workload's own maxUnavailable
    std::vector<DoomedPod> doomed;
    std::vector<std::string>
        stuck;  ///< in words, what no restart helps: no room, a node that is gone
    std::vector<std::string> drift;  ///< "Service/web: selector is ... instead of ..."
    bool runs_release = false;       ///< the workload has the release's image
    std::string budget;              ///< one that is not met, in words; empty: none

    bool is_well() const { return runs_release && doomed.empty() && stuck.empty(); }

    /// Other pods of the same version serve, so that a restart may help.
    bool can_be_treated() const { return runs_release && !doomed.empty() && ready > 0; }
};

/// Of the release that `promoted` brought out.
Diagnosis diagnose(const Plan& promoted, const World& world);
/// Those to delete now: no more than may be missing at once, and none that a budget counts which is
/// not met without it.
std::vector<DoomedPod> choose_restarts(const Diagnosis& diagnosis, int at_most);

/// What two looks agree on where the first one shows something, as long apart as that has to last.
Task<Diagnosis> examine(Cluster* cluster, Clock* clock, Plan promoted);
/// Deletes this very pod, so that its ReplicaSet makes another; not done where it has changed.
Task<WriteReply> restart(Cluster* cluster, Target target, DoomedPod pod);
/// Until it is well, at most so long.
Task<Diagnosis> await_recovery(Cluster* cluster, Clock* clock, Plan promoted, Duration at_most);

}  // namespace deployctl::engine
