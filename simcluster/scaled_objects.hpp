// SPDX-License-Identifier: Apache-2.0
// What KEDA makes of a ScaledObject: a HorizontalPodAutoscaler of its own, which it keeps as the
// ScaledObject says, whatever others write to it; and none, with the target at the size that is
// asked for, while the annotation `paused-replicas` is there. One thread.
#pragma once

#include "simcluster/pace.hpp"
#include "simcluster/work_queue.hpp"

namespace deployctl::simcluster {

class ScaledObjects {
public:
    explicit ScaledObjects(Sim sim);

    void note(const ObjectChange& change);

private:
    void sync(const ObjectRef& ref);
    void pause(const Value& object, int replicas);
    void keep_autoscaler(const Value& object);

    Sim sim_;
    WorkQueue queue_;
};

}  // namespace deployctl::simcluster
