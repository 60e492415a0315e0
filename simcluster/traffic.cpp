// SPDX-License-Identifier: Apache-2.0
#include "simcluster/traffic.hpp"

#include "model/image.hpp"

#include <algorithm>
#include <cmath>

namespace deployctl::simcluster {

namespace {

std::string version_of(const Pod& pod) {
    return pod.containers.empty() ? "?" : version_of_image(pod.containers.front().image);
}

}  // namespace

double Traffic::share(const std::string& version) const {
    const auto found = shares.find(version);
    return found == shares.end() ? 0 : found->second;
}

Traffic served_by(const World& world, const std::string& service) {
    std::map<std::string, int> counts;
    Traffic traffic;
    for (const auto* endpoint : endpoints_of(world, service)) {
        if (!endpoint->ready) {
            continue;
        }
        const auto pod = std::ranges::find_if(world.pods, [&](const Pod& one) {
            return one.meta.uid == endpoint->pod_uid;
        });
        const bool answers = pod != world.pods.end() && pod->ready;
        ++counts[answers ? version_of(*pod) : "lost"];
        ++traffic.ready_endpoints;
    }
    for (const auto& [version, count] : counts) {
        traffic.shares[version] = static_cast<double>(count) / traffic.ready_endpoints;
    }
    return traffic;
}

std::string to_text(const Traffic& traffic) {
    std::string text;
    for (const auto& [version, share] : traffic.shares) {
        text += (text.empty() ? "" : ", ") + version + " " +
                std::to_string(std::lround(share * 100)) + "%";
    }
    return text.empty() ? "nobody" : text;
}

int ready_pods(const World& world, const std::string& version) {
    return static_cast<int>(std::ranges::count_if(world.pods, [&](const Pod& pod) {
        return pod.ready && !pod.is_leaving() && version_of(pod) == version;
    }));
}

}  // namespace deployctl::simcluster
