// SPDX-License-Identifier: Apache-2.0
// Where the requests of clients go in one World: evenly over the ready endpoints of a Service.
// Pure; any thread.
#pragma once

#include "model/kubernetes/world.hpp"

#include <map>
#include <string>

namespace deployctl::simcluster {

struct Traffic {
    std::map<std::string, double>
        shares;  ///< by version, 0..1; requests to pods that are gone or not ready: "lost"
    int ready_endpoints = 0;

    double share(const std::string& version) const;

    bool is_dark() const { return ready_endpoints == 0; }
};

Traffic served_by(const World& world, const std::string& service);
/// "v1 75%, v2 25%"; "nobody" where no endpoint is ready.
std::string to_text(const Traffic& traffic);
/// Those on their way out do not count.
int ready_pods(const World& world, const std::string& version);

}  // namespace deployctl::simcluster
