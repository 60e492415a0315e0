// SPDX-License-Identifier: Apache-2.0
#include "strategies/going_back.hpp"

#include "strategies/canary.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

TEST_CASE(
    "going back restores capacity before traffic, and drains before the candidate goes",
    "[strategies]"
) {
    Scene scene;
    scene.workload = "web";
    scene.replicas = 4;
    scene.services = {"web"};
    CHECK(
        to_text(strategies::going_back(scene, strategies::canary(scene, {}))) ==
        R"(restore: write the previous version into stable at 4
restore: wait until 4 stable pods are ready
restore: pin service web to stable
restore: wait until service web reaches stable alone
restore: drain for 5s
restore: retire the candidate
restore: wait until the candidate pods are on their way out
restore: unpin service web
verify: verify that stable runs the previous version
)"
    );
}

TEST_CASE("going back retires a fresh baseline before the Services are unpinned", "[strategies]") {
    Scene scene;
    scene.workload = "web";
    scene.replicas = 4;
    scene.services = {"web"};
    CanarySettings settings;
    settings.baseline = CanaryBaseline::fresh;
    const auto text = to_text(strategies::going_back(scene, strategies::canary(scene, settings)));
    CHECK(text.find(R"(restore: drain for 5s
restore: retire the candidate
restore: wait until the candidate pods are on their way out
restore: retire the baseline
restore: wait until the baseline pods are on their way out
restore: unpin service web
)") != std::string::npos);
}

TEST_CASE(
    "going back gives a held autoscaler back and never writes a size behind it", "[strategies]"
) {
    Scene scene;
    scene.workload = "web";
    scene.replicas = 4;
    scene.autoscaler = "web";
    const auto text = to_text(strategies::going_back(scene, strategies::canary(scene, {})));
    CHECK(text.find("restore: write the previous version into stable\n") != std::string::npos);
    CHECK(text.find("verify: give autoscaler web back") != std::string::npos);
}
