// SPDX-License-Identifier: Apache-2.0
#include "cli/clusters.hpp"

#include "model/error.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <vector>

namespace deployctl::cli {

namespace {

/// The cluster that is named, that has the context, or that is the only one; null where none is.
const ClusterSettings* find_cluster(
    const WaveSettings& waves, const std::string& name, const std::string& context
) {
    const auto& clusters = waves.clusters;
    if (name.empty() && context.empty() && clusters.size() == 1) {
        return &clusters.front();
    }
    for (const auto& cluster : clusters) {
        if (name.empty() ? !context.empty() && cluster.context == context : cluster.name == name) {
            return &cluster;
        }
    }
    return nullptr;
}

}  // namespace

void narrow(Environment& environment, const std::string& cluster, const std::string& context) {
    auto& clusters = environment.waves.clusters;
    if (clusters.empty()) {
        return;
    }
    const auto* found = find_cluster(environment.waves, cluster, context);
    if (found == nullptr) {
        std::vector<std::string> names;
        for (const auto& one : clusters) {
            names.push_back("-e " + environment.name + "/" + one.name);
        }
        throw Error(
            ExitCode::usage,
            "environment `" + environment.name + "` is on several clusters: say which",
            join(names, " | ")
        );
    }
    const auto chosen = *found;
    clusters = {chosen};
    environment.waves.order.clear();
    environment.context = chosen.context;
    if (!chosen.kube_namespace.empty()) {
        environment.kube_namespace = chosen.kube_namespace;
    }
}

NamedPlace split_place(const Configuration& configuration, const std::string& name) {
    const auto slash = name.rfind('/');
    if (slash == std::string::npos || configuration.environments.contains(name)) {
        return {name, ""};
    }
    const auto found = configuration.environments.find(name.substr(0, slash));
    if (found == configuration.environments.end()) {
        return {name, ""};
    }
    const auto cluster = name.substr(slash + 1);
    const auto& clusters = found->second.waves.clusters;
    const bool is_known =
        std::ranges::find(clusters, cluster, &ClusterSettings::name) != clusters.end();
    return is_known ? NamedPlace{found->first, cluster} : NamedPlace{name, ""};
}

bool is_spread(const Configuration& configuration, const Place& place) {
    const auto found = configuration.environments.find(place.environment);
    const bool is_whole = found != configuration.environments.end() && place.context.empty();
    return is_whole && found->second.waves.clusters.size() > 1;
}

}  // namespace deployctl::cli
