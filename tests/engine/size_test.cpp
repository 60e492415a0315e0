// SPDX-License-Identifier: Apache-2.0
// `environments.<name>.replicas`: a version ends with as many pods as its environment is to have.
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

namespace {

constexpr auto every_strategy = {
    StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling
};

std::string ended(const std::string& version, int size, StrategyKind strategy) {
    const std::string candidate = strategy == StrategyKind::rolling ? "" : ", candidate x0";
    return "registry/shop/web:" + version + " x" + std::to_string(size) + candidate + ", app=web";
}

void wish_for(Stage& stage, int size) {
    stage.environment.name = "production";
    stage.environment.replicas = size;
}

}  // namespace

TEST_CASE("a version ends with the pods that its environment is to have", "[engine]") {
    for (const auto strategy : every_strategy) {
        for (const int size : {2, 6}) {
            CAPTURE(to_text(strategy), size);
            Stage stage;
            wish_for(stage, size);
            stage.keep_ready(std::min(size, 4));
            CHECK(stage.start(strategy, "v2").exit == ExitCode::done);
            CHECK(stage.end_state() == ended("v2", size, strategy));
            CHECK(stage.fewest_ready() >= std::min(size, 4));
        }
    }
}

TEST_CASE("sent back at any moment, it has the pods that it had", "[engine]") {
    int sent_back = 0;
    for (const auto strategy : every_strategy) {
        for (const int size : {2, 6}) {
            for (int moment = 1; moment < 40; moment += 3) {
                CAPTURE(to_text(strategy), size, moment);
                Stage stage;
                wish_for(stage, size);
                stage.clock.call_in(seconds(moment), [&stage] {
                    Request request;
                    request.kind = RequestKind::abort;
                    request.by = "eve@desk";
                    run(stage.store.make_request(stage.newest().id, request));
                });
                if (stage.start(strategy, "v2").exit != ExitCode::done) {
                    ++sent_back;
                    CHECK(stage.end_state() == ended("v1", 4, strategy));
                }
            }
        }
    }
    CHECK(sent_back > 20);
}

TEST_CASE(
    "killed at any write, a version that grows or shrinks ends with its pods", "[engine][crash]"
) {
    for (const auto strategy : every_strategy) {
        for (const int size : {2, 6}) {
            for (int write = 2;; write += 3) {
                CAPTURE(to_text(strategy), size, write);
                Stage stage;
                wish_for(stage, size);
                stage.faults.at_write(write, Fault::crash_after);
                try {
                    stage.start(strategy, "v2");
                    REQUIRE(write > 8);
                    break;
                } catch (const SimulatedCrash&) {
                    stage.replace_runner();
                }
                stage.resume();
                CHECK(stage.end_state() == ended("v2", size, strategy));
            }
        }
    }
}

TEST_CASE("an autoscaler decides about the size, and the plan says so", "[engine]") {
    Stage stage;
    wish_for(stage, 6);
    stage.cluster.add(an_autoscaler("web").between(2, 10));
    const auto draft = stage.draft(StrategyKind::rolling, "v2");
    REQUIRE_FALSE(draft.warnings.empty());
    CHECK(
        std::ranges::count(
            draft.warnings,
            "environments.production.replicas: 6 is not used: HorizontalPodAutoscaler/web decides "
            "how many pods web has; set its minReplicas and maxReplicas"
        ) == 1
    );
    CHECK(to_text(draft.plan.course.steps).find("at 6") == std::string::npos);
}
