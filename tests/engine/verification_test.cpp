// SPDX-License-Identifier: Apache-2.0
// The end is verified, not believed: size, readiness, and somebody behind each Service.
#include "engine/conditions.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

TEST_CASE("a set that is smaller than planned is not promoted", "[engine]") {
    Stage stage;
    stage.clock.call_in(seconds(3), [&stage] {
        stage.cluster.edit(in_shop(Kind::deployment, "web"), [](Value& web) {
            web.set("/spec/replicas", 2);
        });
    });
    const auto held = stage.start(StrategyKind::rolling, "v2");
    CHECK(held.exit == ExitCode::paused);
    CHECK(held.rollout.state == RolloutState::paused);
    REQUIRE(held.cause);
    CHECK(held.cause->kind == "not_verified");
    CHECK_THAT(
        held.cause->headline,
        Catch::StartsWith("the end is not as planned: 2 of 4 stable pods are ready")
    );
    stage.cluster.edit(in_shop(Kind::deployment, "web"), [](Value& web) {
        web.set("/spec/replicas", 4);
    });
    CHECK(stage.resume().exit == ExitCode::done);
}

TEST_CASE("a size that an autoscaler has chosen is as planned", "[engine]") {
    Stage stage;
    stage.cluster.add(an_autoscaler("web").between(2, 10));
    stage.cluster.autoscaler_wants("web", 3);
    CHECK(stage.start(StrategyKind::rolling, "v2").exit == ExitCode::done);
}

TEST_CASE("each Service of the plan leads to somebody who is ready", "[engine]") {
    Stage stage;
    const auto plan = stage.draft(StrategyKind::canary, "v2").plan;
    auto world = stage.cluster.world();
    const auto condition = engine::serves_in_full(plan, Version::previous);
    CHECK(condition(world).holds);
    for (std::size_t index = 0; index < world.endpoints.size(); ++index) {
        world.endpoints.write(index).ready = false;
    }
    CHECK_FALSE(condition(world).holds);
    CHECK_THAT(condition(world).text, Catch::EndsWith("service web has no ready endpoint"));
}
