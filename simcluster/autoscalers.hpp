// SPDX-License-Identifier: Apache-2.0
// The HorizontalPodAutoscaler: sets its target to the size it was told to want, between min and
// max; a target of no replicas is left alone, as the real one does. One thread.
#pragma once

#include "simcluster/pace.hpp"
#include "simcluster/work_queue.hpp"

#include <map>
#include <string>

namespace deployctl::simcluster {

class Autoscalers {
public:
    explicit Autoscalers(Sim sim);

    void note(const ObjectChange& change);
    /// What the metrics of this autoscaler say from now on; without it only the limits hold.
    void want(const ObjectRef& autoscaler, int replicas);

private:
    void sync(const ObjectRef& autoscaler);

    Sim sim_;
    WorkQueue queue_;
    std::map<ObjectRef, int> wanted_;
};

}  // namespace deployctl::simcluster
