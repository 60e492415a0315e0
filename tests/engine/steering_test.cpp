// SPDX-License-Identifier: Apache-2.0
// What people ask of a rollout that nobody runs: forward again after a shift, or to stand still.
#include "documents/json.hpp"
#include "engine/lease.hpp"
#include "engine/steps_done.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

namespace {

const auto all_strategies = {StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling};

std::string state_with(const std::string& version, StrategyKind strategy) {
    const auto image = "registry/shop/web:" + version + " x4";
    return strategy == StrategyKind::rolling ? image + ", app=web"
                                             : image + ", candidate x0, app=web";
}

/// Whether the rollout got so far that there was something to interrupt.
bool shift_at(Stage& stage, StrategyKind strategy, Duration after) {
    stage.interrupts.send_at(stage.clock.elapsed() + after, Interrupt::interrupt);
    const auto stopped = stage.start(strategy, "v2");
    if (stopped.exit == ExitCode::done) {
        return false;
    }
    CHECK(stopped.exit == ExitCode::stopped_watching);
    CHECK(stopped.rollout.state == RolloutState::paused);
    CHECK(stopped.rollout.direction == Direction::back);
    return true;
}

bool is_noted(Stage& stage, const std::string& note) {
    const auto events = run(stage.store.events(stage.newest().id, 0));
    return std::ranges::any_of(events, [&](const Event& event) {
        return documents::write_json(event.data).find(note) != std::string::npos;
    });
}

/// Told to terminate while the canary holds; the way back waits for pods that take half a minute.
struct Terminated : Stage {
    explicit Terminated(OnInterrupt policy) {
        configuration.drain = seconds(60);
        configuration.on_interrupt = policy;
        cluster.behave("v1", slow(seconds(30)));
        told = clock.elapsed() + seconds(12);
        interrupts.send_at(told, Interrupt::terminate);
    }

    Duration told{};
};

}  // namespace

TEST_CASE("whenever the traffic was shifted away, a retry brings the version out", "[engine]") {
    for (const auto strategy : all_strategies) {
        for (int after = 1; after < 90; after += 4) {
            CAPTURE(to_text(strategy), after);
            Stage stage;
            stage.keep_ready(4);
            if (!shift_at(stage, strategy, seconds(after))) {
                break;
            }
            stage.replace_runner();
            const auto result = stage.retry();
            CHECK(result.exit == ExitCode::done);
            CHECK(result.rollout.state == RolloutState::promoted);
            CHECK(result.rollout.direction == Direction::forward);
            CHECK(stage.end_state() == state_with("v2", strategy));
            CHECK(stage.fewest_ready() >= 3);
            CHECK(stage.sink.count("rollout.finished") == 1);
        }
    }
}

TEST_CASE(
    "who is told to terminate has left five seconds later, and the next goes on", "[engine]"
) {
    for (const auto policy : {OnInterrupt::shift, OnInterrupt::rollback}) {
        CAPTURE(to_text(policy));
        Terminated stage(policy);
        const auto left = stage.start(StrategyKind::canary, "v2");
        CHECK(left.exit == ExitCode::stopped_watching);
        CHECK(left.rollout.state == RolloutState::rolling_back);
        CHECK(left.rollout.direction == Direction::back);
        CHECK(stage.clock.elapsed() - stage.told >= seconds(5));
        CHECK(stage.clock.elapsed() - stage.told <= seconds(6));  // heard at the next look
        CHECK(is_noted(stage, "interrupted: terminated, and not done within 5s"));
        const auto lease = stage.cluster.object(in_shop(Kind::lease, "deployctl-web"));
        CHECK(engine::read_lease(lease).holder == "ada@laptop");
        stage.replace_runner();
        CHECK(stage.resume().exit == ExitCode::rolled_back);
        CHECK(stage.end_state() == state_with("v1", StrategyKind::canary));
    }
}

TEST_CASE("who is told to terminate while nobody answers leaves in time, too", "[engine]") {
    Terminated stage(OnInterrupt::shift);
    stage.clock.call_at(stage.told + seconds(2), [&stage] {
        stage.faults.from_now_on(Fault::unreadable);
    });
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::stopped_watching);
    CHECK(stage.clock.elapsed() - stage.told <= seconds(7));
    stage.replace_runner();
    CHECK(stage.retry().exit == ExitCode::done);
    CHECK(stage.end_state() == state_with("v2", StrategyKind::canary));
}

TEST_CASE("what fails after a retry goes back, and says why this time", "[engine]") {
    for (const auto strategy : all_strategies) {
        CAPTURE(to_text(strategy));
        Stage stage;
        REQUIRE(shift_at(stage, strategy, seconds(5)));
        stage.replace_runner();
        stage.cluster.behave("v2", failing_requests(0.5));
        const auto result = stage.retry();
        CHECK(result.exit == ExitCode::rolled_back);
        REQUIRE(result.cause);
        CHECK(result.cause->kind == "gate");
        CHECK(run(stage.store.cause(result.rollout.id))->kind == "gate");
        CHECK(stage.end_state() == state_with("v1", strategy));
    }
}

TEST_CASE("a retry that is lost on the way can be asked for again, or given up", "[engine]") {
    for (int write = 1; write < 24; ++write) {
        CAPTURE(write);
        Stage stage;
        REQUIRE(shift_at(stage, StrategyKind::canary, seconds(12)));
        stage.faults.at_write(stage.faults.writes() + write, Fault::crash_after);
        CHECK_THROWS_AS(stage.retry(), SimulatedCrash);
        stage.replace_runner();
        if (write % 2 == 0) {
            CHECK(stage.retry().exit == ExitCode::done);
            CHECK(stage.end_state() == state_with("v2", StrategyKind::canary));
        } else {
            CHECK(stage.turn_back(RequestKind::rollback).exit == ExitCode::done);
            CHECK(stage.end_state() == state_with("v1", StrategyKind::canary));
        }
    }
}

TEST_CASE("after a shift, rollback ends what it began", "[engine]") {
    Stage stage;
    REQUIRE(shift_at(stage, StrategyKind::canary, seconds(12)));
    const auto result = stage.turn_back(RequestKind::rollback);
    CHECK(result.exit == ExitCode::done);
    CHECK(result.rollout.state == RolloutState::rolled_back);
    CHECK(stage.end_state() == state_with("v1", StrategyKind::canary));
}

TEST_CASE("what was proven bad is not retried on its way back", "[engine]") {
    Stage stage;
    stage.configuration.drain = seconds(60);
    stage.cluster.behave("v2", failing_requests(0.5));
    bool is_asked = false;
    stage.clock.call_at(stage.clock.elapsed() + seconds(40), [&] {
        is_asked = true;
        run(stage.store.make_request(stage.newest().id, {0, RequestKind::retry, "eve@ci", ""}));
        stage.interrupts.send_at(stage.clock.elapsed() + seconds(5), Interrupt::hold);
    });
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::stopped_watching);
    CHECK(is_asked);
    CHECK_THROWS_WITH(
        stage.retry(),
        Catch::Contains("rollout 1 (v2) is on its way back: ") && Catch::Contains("requests failed")
    );
    CHECK(stage.resume().rollout.state == RolloutState::rolled_back);
}

TEST_CASE("a pause that was asked for while nobody ran it holds the next runner", "[engine]") {
    for (int write = 5; write < 60; write += 7) {
        CAPTURE(write);
        Stage stage;
        stage.faults.at_write(write, Fault::crash_after);
        CHECK_THROWS_AS(stage.start(StrategyKind::canary, "v2"), SimulatedCrash);
        stage.replace_runner();
        REQUIRE(stage.newest().state == RolloutState::running);
        run(stage.store.make_request(stage.newest().id, {0, RequestKind::pause, "eve@ci", "wait"}));
        const auto started = stage.sink.count("step.started");
        const auto held = stage.resume();
        CHECK(stage.sink.count("step.started") == started);
        CHECK(held.exit == ExitCode::paused);
        CHECK(held.rollout.state == RolloutState::paused);
        CHECK(held.rollout.end_reason == "paused by eve@ci: wait");
        CHECK(stage.resume().exit == ExitCode::done);
        CHECK(stage.end_state() == state_with("v2", StrategyKind::canary));
    }
}

TEST_CASE("at a pause, advance goes on with the step at hand, and skips none", "[engine]") {
    for (int after = 4; after < 60; after += 8) {
        CAPTURE(after);
        Stage stage;
        stage.on_pause = engine::PausePolicy::wait;
        const auto ask_at = [&stage](Duration when, RequestKind kind) {
            stage.clock.call_in(when, [&stage, kind] {
                run(stage.store.make_request(stage.newest().id, {0, kind, "eve@ci", ""}));
            });
        };
        ask_at(seconds(after), RequestKind::pause);
        for (int more = 100; more < 180; more += 10) {
            ask_at(seconds(more), RequestKind::advance);
        }
        const auto result = stage.start(StrategyKind::canary, "v2");
        CHECK(result.rollout.state == RolloutState::promoted);
        CHECK(stage.end_state() == state_with("v2", StrategyKind::canary));
        const auto steps =
            static_cast<int>(stage.draft(StrategyKind::canary, "v3").plan.course.steps.size());
        const auto events = run(stage.store.events(result.rollout.id, 0));
        CHECK_FALSE(engine::first_step_not_done(events, steps));
    }
}

TEST_CASE("what the journal does not show as done is not promoted", "[engine]") {
    Stage stage;
    stage.interrupts.send_at(stage.clock.elapsed() + seconds(12), Interrupt::hold);
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::stopped_watching);
    const auto begun = run(stage.store.events(stage.newest().id, 0)).front();
    const auto steps = begun.data.number("/steps");
    for (auto paused = stage.newest(); paused.step < steps; paused = stage.newest()) {
        const std::vector<Entry> skipped{StepFinished{
            Direction::forward, paused.step, "25%", StepResult::done, "advanced", Duration{}
        }};
        run(stage.store.append(paused.id, paused.version, skipped));
    }
    const auto result = stage.resume();
    CHECK(result.exit == ExitCode::not_rolled_back);  // the candidate has traffic
    CHECK(result.rollout.state == RolloutState::needs_human);
    CHECK_THAT(
        result.rollout.end_reason, Catch::StartsWith("the journal does not show that step ")
    );
    CHECK(stage.turn_back(RequestKind::rollback).exit == ExitCode::done);
    CHECK(stage.end_state() == state_with("v1", StrategyKind::canary));
}
