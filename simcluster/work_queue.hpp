// SPDX-License-Identifier: Apache-2.0
// What a controller has still to look at: an object asked for several times before its turn comes
// once. Turns come on the clock's timers. One thread; the clock must not run after this is gone.
#pragma once

#include "simcluster/pace.hpp"

#include <functional>
#include <set>
#include <utility>

namespace deployctl::simcluster {

class WorkQueue {
public:
    WorkQueue(VirtualClock& clock, std::function<void(ObjectRef)> turn)
        : clock_(clock), turn_(std::move(turn)) {}

    void add(const ObjectRef& ref, Duration delay) {
        if (!waiting_.insert(ref).second) {
            return;
        }
        clock_.call_in(delay, [this, ref] {
            waiting_.erase(ref);
            turn_(ref);
        });
    }

private:
    VirtualClock& clock_;
    std::function<void(ObjectRef)> turn_;
    std::set<ObjectRef> waiting_;
};

}  // namespace deployctl::simcluster
