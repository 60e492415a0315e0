// SPDX-License-Identifier: Apache-2.0
// The EndpointSlice controller: one slice for each Service with a selector, a while after what it
// depends on. One thread.
#pragma once

#include "simcluster/pace.hpp"
#include "simcluster/work_queue.hpp"

namespace deployctl::simcluster {

class Endpoints {
public:
    explicit Endpoints(Sim sim);

    void note(const ObjectChange& change);

private:
    void sync(const ObjectRef& service);

    Sim sim_;
    WorkQueue queue_;
};

}  // namespace deployctl::simcluster
