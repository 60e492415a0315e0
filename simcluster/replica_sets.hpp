// SPDX-License-Identifier: Apache-2.0
// The ReplicaSet controller: as many pods as wanted, those that serve least go first, status
// counters, and the garbage that removed owners leave. One thread.
#pragma once

#include "simcluster/pace.hpp"
#include "simcluster/work_queue.hpp"

#include <string>
#include <vector>

namespace deployctl::simcluster {

class ReplicaSets {
public:
    explicit ReplicaSets(Sim sim);

    void note(const ObjectChange& change);

private:
    void sync(const ObjectRef& ref);
    /// Why the pod was refused; empty where it was made.
    std::string make_pod(const Value& set);
    void remove_pods(std::vector<Value> pods, int count);
    void write_status(const ObjectRef& ref, const std::string& refusal);
    void collect_garbage(const ObjectRef& owner, const std::string& uid);

    Sim sim_;
    WorkQueue queue_;
    WorkQueue ripening_;  ///< sets with pods that are ready but not yet long enough
    int serial_ = 0;
};

/// Marks the pod as leaving; the kubelet ends it.
void delete_pod(Sim sim, const ObjectRef& ref);

}  // namespace deployctl::simcluster
