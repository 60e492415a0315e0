// SPDX-License-Identifier: Apache-2.0
// Configurations and facts for tests of lines: dev, staging, production on two clusters, dr.
#pragma once

#include "promotion/order.hpp"
#include "promotion/waves.hpp"

#include <chrono>
#include <string>

namespace deployctl::tests {

inline std::string digest_of(const std::string& version) {
    std::string digest = "sha256:";
    for (std::size_t at = 0; at < 64; ++at) {
        digest += version[at % version.size()] == 'v' ? 'a' : version[at % version.size()];
    }
    return digest;
}

inline Configuration four_environments() {
    Configuration configuration;
    configuration.app.name = "web";
    for (const auto* name : {"dev", "staging", "production", "dr"}) {
        Environment environment;
        environment.name = name;
        environment.context = "lab";
        environment.kube_namespace = std::string("shop-") + name;
        configuration.environments[name] = environment;
    }
    configuration.promotion.order = {"dev", "staging", "production", "dr"};
    return configuration;
}

inline void put_on_two_clusters(Environment& environment) {
    environment.context = "";
    environment.waves.clusters = {{"eu-1", "eks-eu-1", ""}, {"us-1", "eks-us-1", "shop-us"}};
}

struct Ground {
    Configuration configuration = four_environments();
    promotion::Facts facts{{}, WallTime(std::chrono::hours(500000))};

    /// Since so long.
    Ground& stands(
        const std::string& place, const std::string& version, Duration age = minutes(60)
    ) {
        facts.stands[place] = {version, digest_of(version), facts.now - age};
        return *this;
    }

    Environment& environment(const std::string& name) {
        return configuration.environments.at(name);
    }

    std::string draw(const promotion::Request& request, const std::string& registered = "") const {
        return to_text(promotion::draw_promotion(configuration, request, facts, registered));
    }
};

}  // namespace deployctl::tests
