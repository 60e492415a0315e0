// SPDX-License-Identifier: Apache-2.0
// The status of a Deployment as its controller writes it: counters, and the conditions Available
// and Progressing with the progress deadline. Pure; any thread.
#pragma once

#include "model/time.hpp"
#include "model/value.hpp"

#include <vector>

namespace deployctl::simcluster {

struct DeploymentStatus {
    Value value;
    Duration deadline{};  ///< until it has to be looked at again; zero: never
};

/// `newest` is the set of the present template, or null.
DeploymentStatus deployment_status(
    const Value& deployment, const std::vector<Value>& sets, const Value* newest, WallTime now
);

}  // namespace deployctl::simcluster
