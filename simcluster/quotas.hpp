// SPDX-License-Identifier: Apache-2.0
// ResourceQuotas on pods: how many are used, and whether there is room for one more. One thread.
#pragma once

#include "simcluster/pace.hpp"
#include "simcluster/work_queue.hpp"

#include <string>

namespace deployctl::simcluster {

class Quotas {
public:
    explicit Quotas(Sim sim);

    void note(const ObjectChange& change);

private:
    void sync(const ObjectRef& quota);

    Sim sim_;
    WorkQueue queue_;
};

/// The API server's words where a quota leaves no room for the pod; empty where all do.
std::string refusal_by_quota(const ObjectTable& objects, const std::string& pod);

}  // namespace deployctl::simcluster
