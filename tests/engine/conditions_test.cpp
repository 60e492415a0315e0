// SPDX-License-Identifier: Apache-2.0
#include "engine/conditions.hpp"

#include "engine/verification.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

TEST_CASE("a Service reaches a side alone once no pod of the other one is behind it", "[engine]") {
    Stage stage;
    const auto plan = stage.draft(StrategyKind::blue_green, "v2").plan;
    auto made = Value(a_deployment("web-preview").replicas(1));
    made.set("/spec/selector/matchLabels", Value::map({{"side", "preview"}}));
    made.set("/spec/template/metadata/labels", Value::map({{"app", "web"}, {"side", "preview"}}));
    stage.cluster.add(made).settle();
    const auto reaches_stable = engine::service_reaches(plan, {"web", Pointing::stable});
    const auto both = reaches_stable(stage.cluster.world());
    CHECK_FALSE(both.holds);
    CHECK(both.text == "service web has 4 of 4 stable endpoints and 1 others");
    CHECK_FALSE(
        engine::service_reaches(plan, {"web", Pointing::candidate})(stage.cluster.world()).holds
    );
    CHECK(engine::service_reaches(plan, {"web", Pointing::original})(stage.cluster.world()).holds);
    stage.cluster.edit(in_shop(Kind::deployment, "web-preview"), [](Value& object) {
        object.set("/spec/replicas", 0);
    });
    stage.cluster.settle();
    CHECK(reaches_stable(stage.cluster.world()).holds);
}

TEST_CASE("a side shrinks only where enough of both are left", "[engine]") {
    Stage stage;
    const auto plan = stage.draft(StrategyKind::canary, "v2").plan;
    const auto to_three = engine::slot_can_shrink(plan, {Slot::stable, 3});
    const auto alone = to_three(stage.cluster.world());
    CHECK_FALSE(alone.holds);
    CHECK(alone.text == "3 of 4 pods would be ready");
    CHECK(engine::slot_can_shrink(plan, {Slot::stable, 4})(stage.cluster.world()).holds);
    auto made = Value(a_deployment("web-canary").replicas(1).image("registry/shop/web:v2"));
    made.set("/spec/selector/matchLabels", Value::map({{"side", "canary"}}));
    made.set("/spec/template/metadata/labels", Value::map({{"app", "web"}, {"side", "canary"}}));
    stage.cluster.behave("v2", turning_unready(seconds(30)));
    stage.cluster.add(made).settle();
    CHECK(to_three(stage.cluster.world()).holds);
    stage.clock.advance(seconds(60));
    CHECK_FALSE(to_three(stage.cluster.world()).holds);
}

TEST_CASE("a Service leaves pods only for enough others that are ready", "[engine]") {
    Stage stage;
    const auto plan = stage.draft(StrategyKind::blue_green, "v2").plan;
    const auto moves = [&](Direction direction) {
        const auto to_stable = engine::service_can_move(plan, {"web", Pointing::stable}, direction);
        return to_stable(stage.cluster.world()).holds;
    };
    auto made = Value(a_deployment("web-preview").replicas(2).image("registry/shop/web:v2"));
    made.set("/spec/selector/matchLabels", Value::map({{"side", "preview"}}));
    made.set("/spec/template/metadata/labels", Value::map({{"app", "web"}, {"side", "preview"}}));
    stage.cluster.behave("v2", turning_unready(seconds(30)));
    stage.cluster.behave("v1", turning_unready(seconds(60)));
    stage.cluster.edit(in_shop(Kind::service, "web"), [](Value& object) {
        object.set("/spec/selector/side", "preview");
    });
    stage.cluster.add(made).settle();
    CHECK(moves(Direction::forward));
    stage.cluster.edit(in_shop(Kind::deployment, "web"), [](Value& object) {
        object.set("/spec/replicas", 2);
    });
    stage.cluster.settle();
    CHECK_FALSE(moves(Direction::forward));
    CHECK(moves(Direction::back));  // as many as serve now
    stage.cluster.edit(in_shop(Kind::deployment, "web"), [](Value& object) {
        object.set("/spec/template/metadata/labels/again", "yes");
        object.set("/spec/replicas", 1);
    });
    stage.cluster.settle();
    CHECK_FALSE(moves(Direction::back));
    stage.clock.advance(seconds(45));  // where nobody serves any more, one is better
    CHECK(moves(Direction::back));
    stage.clock.advance(seconds(60));
    CHECK_FALSE(moves(Direction::back));
    stage.cluster.edit(in_shop(Kind::service, "web"), [](Value& object) {
        object.erase("/spec/selector/side");
    });
    stage.cluster.edit(in_shop(Kind::deployment, "web-preview"), [](Value& object) {
        object.set("/spec/replicas", 0);
    });
    stage.cluster.settle();
    CHECK(moves(Direction::forward));  // a pin that leaves nobody
}

TEST_CASE("a step that goes on, but too slowly, ends by timeouts.step", "[engine]") {
    Stage stage;
    stage.configuration.timeouts.first_ready = seconds(60);
    stage.configuration.timeouts.step = seconds(50);
    stage.cluster.behave("v2", slow(seconds(25)));
    const auto result = stage.start(StrategyKind::rolling, "v2");
    CHECK(result.exit == ExitCode::rolled_back);
    REQUIRE(result.cause);
    CHECK(result.cause->kind == "deadline");
    CHECK(result.cause->limit == "done within 50s");
}

TEST_CASE("the end is not verified where an autoscaler has other limits than before", "[engine]") {
    for (const auto* limit : {"/spec/minReplicas", "/spec/maxReplicas"}) {
        CAPTURE(limit);
        Stage stage;
        const auto autoscaler = in_shop(Kind::autoscaler, "web");
        stage.cluster.add(an_autoscaler("web").between(2, 10)).settle();
        const auto plan = stage.draft(StrategyKind::canary, "v2").plan;
        CHECK(run(engine::verify(stage.cluster, stage.clock, plan, Version::previous)).empty());
        stage.cluster.edit(autoscaler, [&](Value& object) { object.set(limit, 4); });
        CHECK(
            run(engine::verify(stage.cluster, stage.clock, plan, Version::previous)) ==
            std::vector<std::string>{"HorizontalPodAutoscaler/web does not have its owner's limits"}
        );
    }
}

TEST_CASE("what is put right a second later was only shown late", "[engine]") {
    Stage stage;
    const auto plan = stage.draft(StrategyKind::canary, "v2").plan;
    const auto service = in_shop(Kind::service, "web");
    const auto change = [&](const char* app) {
        stage.cluster.edit(service, [&](Value& object) { object.set("/spec/selector/app", app); });
    };
    change("other");
    stage.clock.call_in(milliseconds(800), [&] { change("web"); });
    CHECK(run(engine::verify(stage.cluster, stage.clock, plan, Version::previous)).empty());
    change("other");
    CHECK(run(engine::verify(stage.cluster, stage.clock, plan, Version::previous)).size() == 1);
}
