// SPDX-License-Identifier: Apache-2.0
#include "strategies/rolling.hpp"

#include "strategies/going_back.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

namespace {

Scene a_scene() {
    Scene scene;
    scene.workload = "web";
    scene.replicas = 4;
    scene.services = {"web"};
    return scene;
}

}  // namespace

TEST_CASE("rolling writes the template and leaves the pods to the controller", "[strategies]") {
    RollingSettings settings;
    settings.gates = {"errors"};
    const auto course = strategies::rolling(a_scene(), settings);
    CHECK(to_text(course.steps) == R"(prepare: record the snapshot in the cluster
roll: write the next version into stable  [errors]
roll: wait until all stable pods are ready  [errors]
roll: pass gates errors  [errors]
verify: verify that stable runs the next version
)");
    CHECK(course.notes.size() == 1);
}

TEST_CASE("rolling in batches stops between them on the candidate slot", "[strategies]") {
    RollingSettings settings;
    settings.batches = {25, 50};
    settings.batch_pause = seconds(30);
    const auto text = to_text(strategies::rolling(a_scene(), settings).steps);
    CHECK(text.find("25%: wait until 1 candidate and 3 stable pods serve") != std::string::npos);
    CHECK(text.find("25%: hold for 30s") != std::string::npos);
    CHECK(text.find("50%: wait until 2 candidate and 2 stable pods serve") != std::string::npos);
}

TEST_CASE("the way back of a rolling is the old template, and nothing is scaled", "[strategies]") {
    const auto scene = a_scene();
    const auto back = strategies::going_back(scene, strategies::rolling(scene, {}));
    CHECK(to_text(back) == R"(restore: write the previous version into stable
restore: wait until all stable pods are ready
verify: verify that stable runs the previous version
)");
}
