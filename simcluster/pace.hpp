// SPDX-License-Identifier: Apache-2.0
// How fast a simulated cluster is, and what its controllers share. Values and references; one
// thread.
#pragma once

#include "model/time.hpp"
#include "simcluster/object_table.hpp"
#include "simcluster/virtual_clock.hpp"

#include <string>

namespace deployctl::simcluster {

struct Pace {
    Duration request = milliseconds(5);      ///< one call of the API server
    Duration watch = milliseconds(5);        ///< from a change to its showing in `look`
    Duration controller = milliseconds(20);  ///< a controller after the change it acts on
    Duration endpoints = milliseconds(100);  ///< EndpointSlices after pods and Services
    Duration autoscaler = seconds(1);
    Duration kubelet = seconds(1);  ///< from an exit to what the kubelet does about it
};

/// What every controller works with; the cluster owns it and outlives them.
struct Sim {
    VirtualClock& clock;
    ObjectTable& objects;
    const Pace& pace;
    std::string kube_namespace;
};

}  // namespace deployctl::simcluster
