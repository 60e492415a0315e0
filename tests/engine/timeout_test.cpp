// SPDX-License-Identifier: Apache-2.0
// `timeouts.rollout`: the whole way forward has an end in time, whoever walks it; `--timeout`: this
// runner has one.
#include "engine/time_spent.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

namespace {

constexpr auto restored = "registry/shop/web:v1 x4, candidate x0, app=web";
constexpr auto promoted = "registry/shop/web:v2 x4, candidate x0, app=web";

/// A canary whose holds alone need two minutes.
struct Slow : Stage {
    explicit Slow(Duration limit) {
        configuration.timeouts.rollout = limit;
        configuration.strategies.canary.steps = {{25, seconds(60)}, {50, seconds(60)}};
    }

    void ask_at(Duration when, RequestKind kind) {
        clock.call_at(when, [this, kind] {
            run(store.make_request(newest().id, {0, kind, "eve@ci", ""}));
        });
    }
};

}  // namespace

TEST_CASE(
    "a rollout that is not done in time goes back, and the cause has both numbers", "[engine]"
) {
    Slow stage(seconds(100));
    const auto result = stage.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::rolled_back);
    REQUIRE(result.cause);
    CHECK(result.cause->kind == "timeout");
    CHECK(result.cause->measured == "1m40s");
    CHECK(result.cause->limit == "1m40s");
    CHECK(result.cause->stage == "50%");
    CHECK(result.cause->headline.starts_with("not done after 1m40s, limit 1m40s"));
    CHECK(stage.end_state() == restored);
}

TEST_CASE("the way back is not cut by the time of the rollout", "[engine]") {
    Slow stage(seconds(70));
    stage.configuration.drain = seconds(300);
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::rolled_back);
    CHECK(stage.clock.elapsed() > seconds(370));
    CHECK(stage.end_state() == restored);
}

TEST_CASE("time at a pause is not counted, whoever goes on after it", "[engine]") {
    Slow stage(seconds(200));
    stage.ask_at(seconds(50), RequestKind::pause);
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::paused);
    stage.clock.advance(std::chrono::hours(5));
    stage.replace_runner();
    CHECK(stage.resume().exit == ExitCode::done);
    CHECK(stage.end_state() == promoted);
}

TEST_CASE("what the last runner used up is gone for the next one", "[engine]") {
    Slow stage(seconds(150));
    stage.ask_at(seconds(60), RequestKind::pause);
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::paused);
    stage.replace_runner();
    const auto result = stage.resume();
    CHECK(result.exit == ExitCode::rolled_back);
    REQUIRE(result.cause);
    CHECK(result.cause->kind == "timeout");
}

TEST_CASE("where on_failure holds, a resume has the whole time anew", "[engine]") {
    Slow stage(seconds(110));
    stage.configuration.on_failure = OnFailure::hold;
    const auto held = stage.start(StrategyKind::canary, "v2");
    CHECK(held.exit == ExitCode::paused);
    REQUIRE(held.cause);
    CHECK(held.cause->kind == "timeout");
    CHECK(stage.resume().exit == ExitCode::done);
    CHECK(stage.end_state() == promoted);
}

TEST_CASE("a clock that went back counts as no time", "[engine]") {
    const auto at = [](int second, RolloutState from, RolloutState to) {
        auto event = to_event(StateChanged{from, to, Direction::forward, "", std::nullopt});
        event.at = WallTime(seconds(second));
        return event;
    };
    using enum RolloutState;
    const std::vector<Event> events{
        at(100, pending, running), at(40, running, paused), at(500, paused, running)
    };
    CHECK(engine::time_spent(events, WallTime(seconds(530))) == seconds(30));
    CHECK(engine::time_spent(events, WallTime(seconds(10))) == Duration{});
    CHECK(engine::time_spent({}, WallTime(seconds(10))) == Duration{});
}

TEST_CASE("a --timeout holds the rollout and leaves, and the next runner goes on", "[engine]") {
    Slow stage(seconds(3600));
    stage.timeout = seconds(30);
    const auto left = stage.start(StrategyKind::canary, "v2");
    CHECK(left.exit == ExitCode::stopped_watching);
    CHECK(left.rollout.state == RolloutState::paused);
    CHECK(left.rollout.end_reason == "watched for 30s (--timeout)");
    CHECK(stage.clock.elapsed() < seconds(45));
    stage.timeout = Duration{};
    CHECK(stage.resume().exit == ExitCode::done);
}

TEST_CASE("a --timeout does not cut the way back", "[engine]") {
    Slow stage(seconds(3600));
    stage.configuration.drain = seconds(300);
    stage.cluster.behave("v2", crashing());
    stage.timeout = seconds(120);
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::rolled_back);
}

TEST_CASE("pods that get ready one after another are progress, however long all take", "[engine]") {
    Stage stage;  // the patience is 60 s
    stage.cluster.behave("v2", slow(seconds(45)));
    const auto result = stage.start(StrategyKind::rolling, "v2");
    CHECK(result.exit == ExitCode::done);
    CHECK(stage.clock.elapsed() > seconds(120));
}
