// SPDX-License-Identifier: Apache-2.0
#include "strategies/blue_green.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

namespace {

Scene a_scene() {
    Scene scene;
    scene.workload = "web";
    scene.replicas = 3;
    scene.services = {"api", "web"};
    return scene;
}

}  // namespace

TEST_CASE(
    "blue-green pins all services before a candidate pod exists, and switches one after the other",
    "[strategies]"
) {
    BlueGreenSettings settings;
    settings.gates = {"smoke"};
    settings.warm_up = seconds(30);
    settings.keep_old = minutes(10);
    CHECK(
        to_text(strategies::blue_green(a_scene(), settings).steps) ==
        R"(prepare: record the snapshot in the cluster
prepare: pin service api to stable
prepare: pin service web to stable
prepare: wait until service api reaches stable alone
prepare: wait until service web reaches stable alone
preview: create the candidate, without pods
preview: create service api-preview like api for the candidate  [smoke]
preview: scale candidate to 3  [smoke]
preview: wait until 3 candidate pods are ready  [smoke]
preview: wait until service api-preview reaches candidate alone  [smoke]
preview: hold for 30s  [smoke]
preview: pass gates smoke  [smoke]
switch: pin service api to candidate  [smoke]
switch: pin service web to candidate  [smoke]
switch: wait until service api reaches candidate alone  [smoke]
switch: wait until service web reaches candidate alone  [smoke]
switch: hold for 10m  [smoke]
switch: pass gates smoke  [smoke]
fold: drain for 5s  [smoke]
fold: write the next version into stable at 3  [smoke]
fold: wait until 3 stable pods are ready  [smoke]
fold: pin service api to stable  [smoke]
fold: pin service web to stable  [smoke]
fold: wait until service api reaches stable alone  [smoke]
fold: wait until service web reaches stable alone  [smoke]
fold: drain for 5s  [smoke]
fold: retire the candidate  [smoke]
fold: wait until the candidate pods are on their way out  [smoke]
fold: unpin service api  [smoke]
fold: unpin service web  [smoke]
verify: verify that stable runs the next version  [smoke]
)"
    );
}

TEST_CASE(
    "blue-green without a service has nothing to switch and says what to use", "[strategies]"
) {
    auto scene = a_scene();
    scene.services.clear();
    const auto course = strategies::blue_green(scene, {});
    REQUIRE(course.refusals.size() == 1);
    CHECK(course.refusals[0].find("rolling") != std::string::npos);
}
