// SPDX-License-Identifier: Apache-2.0
// Whom `-e ENV` asks about.
#include "tests/readiness/mcp_server.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace deployctl::readiness {
namespace {

/// Scopes of the subjects that were asked.
std::vector<std::string> asked_in(const std::string& environment) {
    Settings settings;
    settings.environment = environment;
    const auto assessment = assess_mcp_server(good_mcp_server(), settings);
    std::vector<std::string> scopes;
    for (const auto& result : assessment.results) {
        for (const auto& finding : result.findings) {
            const auto& name = finding.subject->scope->name;
            if (name.starts_with("k8s/") &&
                std::find(scopes.begin(), scopes.end(), name) == scopes.end()) {
                scopes.push_back(name);
            }
        }
    }
    std::sort(scopes.begin(), scopes.end());
    return scopes;
}

TEST_CASE("of several environments only the one that was named is asked", "[readiness]") {
    CHECK(asked_in("staging") == std::vector<std::string>{"k8s/overlays/staging"});
}

TEST_CASE(
    "an environment has the same name everywhere, however short it is written", "[readiness]"
) {
    CHECK(asked_in("prod") == std::vector<std::string>{"k8s/overlays/production"});
}

TEST_CASE("an environment that the repository does not know hides none", "[readiness]") {
    CHECK(asked_in("lab").size() == 4);
    CHECK(asked_in("").size() == 4);
}

}  // namespace
}  // namespace deployctl::readiness
