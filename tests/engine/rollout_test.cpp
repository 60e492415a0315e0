// SPDX-License-Identifier: Apache-2.0
#include "engine/rollout.hpp"

#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

namespace {

const auto all_strategies = {StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling};

std::string promoted_state(StrategyKind strategy) {
    return strategy == StrategyKind::rolling ? "registry/shop/web:v2 x4, app=web"
                                             : "registry/shop/web:v2 x4, candidate x0, app=web";
}

std::string restored_state(StrategyKind strategy) {
    return strategy == StrategyKind::rolling ? "registry/shop/web:v1 x4, app=web"
                                             : "registry/shop/web:v1 x4, candidate x0, app=web";
}

}  // namespace

TEST_CASE(
    "each strategy promotes a good version, and never has fewer ready pods than before", "[engine]"
) {
    for (const auto strategy : all_strategies) {
        CAPTURE(to_text(strategy));
        Stage stage;
        stage.keep_ready(4);
        const auto result = stage.start(strategy, "v2");
        CHECK(result.exit == ExitCode::done);
        CHECK(result.rollout.state == RolloutState::promoted);
        CHECK_FALSE(result.cause);
        CHECK(stage.end_state() == promoted_state(strategy));
        CHECK(stage.fewest_ready() >= 4);
        CHECK(stage.sink.count("rollout.finished") == 1);
    }
}

TEST_CASE("each strategy takes a bad version back by itself and names the cause", "[engine]") {
    struct Bad {
        Behaviour behaviour;
        std::string kind;
        std::string in_headline;
    };

    const std::vector<Bad> bad_versions{
        {failing_requests(0.5), "gate", "of 20 requests failed"},
        {crashing(), "crash_loop", "exit 1"},
        {out_of_memory(), "out_of_memory", "OOMKilled"},
        {never_ready(), "deadline", "no progress for 1m"},
        {missing_image(), "bad_image", "not found"},
        {missing_config(), "config_error", "CreateContainerConfigError"},
        {unschedulable(), "unschedulable", "Unschedulable"},
    };
    for (const auto strategy : all_strategies) {
        for (const auto& bad : bad_versions) {
            CAPTURE(to_text(strategy), bad.kind);
            Stage stage;
            stage.cluster.behave("v2", bad.behaviour);
            stage.keep_ready(4);
            const auto result = stage.start(strategy, "v2");
            CHECK(result.exit == ExitCode::rolled_back);
            CHECK(result.rollout.state == RolloutState::rolled_back);
            REQUIRE(result.cause);
            CHECK(result.cause->kind == bad.kind);
            CHECK(result.cause->headline.find(bad.in_headline) != std::string::npos);
            CHECK(stage.end_state() == restored_state(strategy));
            CHECK(stage.fewest_ready() >= 3);
            const auto kept = run(stage.store.cause(result.rollout.id));
            REQUIRE(kept);
            CHECK(kept->headline == result.cause->headline);
        }
    }
}

TEST_CASE(
    "the log of the crashed container is kept, with the change that came with it", "[engine]"
) {
    Stage stage;
    stage.cluster.behave("v2", crashing(3).saying({"FATAL no database"}));
    const auto result = stage.start(StrategyKind::canary, "v2");
    REQUIRE(result.cause);
    REQUIRE_FALSE(result.cause->pods.empty());
    const auto& log = result.cause->pods.front().log;
    CHECK(std::count(log.begin(), log.end(), "FATAL no database") == 1);
    CHECK(
        result.cause->changes ==
        std::vector<std::string>{"image registry/shop/web:v1 -> registry/shop/web:v2"}
    );
}

TEST_CASE("an autoscaler is held during a canary and given back to the byte", "[engine]") {
    Stage stage;
    stage.cluster.add(an_autoscaler("web").between(2, 10));
    stage.cluster.autoscaler_wants("web", 4);
    stage.cluster.settle();
    const auto before = stage.cluster.object(in_shop(Kind::autoscaler, "web")).at("/spec");
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    CHECK(stage.cluster.object(in_shop(Kind::autoscaler, "web")).at("/spec") == before);
    CHECK(stage.end_state() == promoted_state(StrategyKind::canary));
}

TEST_CASE("a second rollout of the same target is refused, naming the first", "[engine]") {
    Stage stage;
    stage.configuration.on_failure = OnFailure::hold;
    stage.cluster.behave("v2", crashing());
    const auto held = stage.start(StrategyKind::canary, "v2");
    CHECK(held.exit == ExitCode::paused);
    CHECK(held.rollout.state == RolloutState::paused);
    const auto refused = stage.start(StrategyKind::canary, "v3");
    CHECK(refused.exit == ExitCode::locked);
    REQUIRE(refused.cause);
    CHECK(refused.cause->headline.find("rollout 1 (v2)") != std::string::npos);
    const auto aborted = stage.turn_back(RequestKind::abort);
    CHECK(aborted.exit == ExitCode::done);
    CHECK(stage.end_state() == restored_state(StrategyKind::canary));
    CHECK(stage.start(StrategyKind::canary, "v4").exit == ExitCode::done);
}

TEST_CASE("a request of another process is carried out: abort in a hold goes back", "[engine]") {
    Stage stage;
    stage.clock.call_at(stage.clock.elapsed() + seconds(8), [&] {
        const Request request{0, RequestKind::abort, "eve@ci", "wrong branch"};
        run(stage.store.make_request(stage.newest().id, request));
    });
    const auto result = stage.start(StrategyKind::canary, "v2");
    CHECK(result.rollout.state == RolloutState::rolled_back);
    CHECK(result.exit == ExitCode::rolled_back);
    REQUIRE(result.cause);
    CHECK(result.cause->headline == "aborted by eve@ci: wrong branch");
    CHECK(stage.end_state() == restored_state(StrategyKind::canary));
}

TEST_CASE(
    "an interrupt shifts the traffic to stable, pauses, and resume goes back to the end", "[engine]"
) {
    Stage stage;
    stage.interrupts.send_at(stage.clock.elapsed() + seconds(8), Interrupt::interrupt);
    const auto stopped = stage.start(StrategyKind::canary, "v2");
    CHECK(stopped.exit == ExitCode::stopped_watching);
    CHECK(stopped.rollout.state == RolloutState::paused);
    CHECK(stopped.rollout.direction == Direction::back);
    const auto ended = stage.resume();
    CHECK(ended.rollout.state == RolloutState::rolled_back);
    CHECK(stage.end_state() == restored_state(StrategyKind::canary));
}

TEST_CASE("resume and abort of a rollout that has ended write nothing", "[engine]") {
    Stage stage;
    stage.start(StrategyKind::canary, "v2");
    stage.cluster.forget_writes();
    CHECK(stage.resume().exit == ExitCode::done);
    CHECK(stage.turn_back(RequestKind::abort).exit == ExitCode::done);
    CHECK(stage.cluster.writes().empty());
}

TEST_CASE("traffic that is restored is an event, as traffic that moved is one", "[engine]") {
    for (const bool has_service : {true, false}) {
        CAPTURE(has_service);
        Stage stage;
        if (!has_service) {
            stage.cluster.erase(in_shop(Kind::service, "web"));
        }
        stage.clock.call_at(stage.clock.elapsed() + seconds(25), [&] {
            stage.cluster.behave("v2", failing_requests(0.5));
        });
        CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::rolled_back);
        CHECK(stage.sink.count("traffic.moved") >= 2);
        CHECK(
            stage.sink.last("traffic.moved").data == Value::map({
                                                         {"asked_percent", 0},
                                                         {"achieved_percent", 0.0},
                                                         {"stable_pods", 4},
                                                         {"candidate_pods", 0},
                                                         {"baseline_pods", 0},
                                                     })
        );
    }
}

TEST_CASE(
    "a remark is noted once, before anything else, also where its answer is lost", "[engine]"
) {
    const auto fault = GENERATE(Fault::none, Fault::lost_before, Fault::lost_after);
    Stage stage;
    FaultPlan faults;
    faults.at_write(2, fault);
    FaultyStore journal(stage.store, faults);
    engine::RunOptions options;
    options.initiator = "ada@laptop";
    options.remark = "freeze overridden";
    const auto ports = stage.ports_to(stage.cluster, journal, stage.runners);
    const auto plan = stage.draft(StrategyKind::canary, "v2").plan;
    const auto result = run(engine::start(ports, plan, options));
    CHECK(result.exit == ExitCode::done);
    const auto events = run(stage.store.events(result.rollout.id, 0));
    CHECK(events.at(1).type == "notice");
    CHECK(events.at(1).data.text("/text") == "freeze overridden");
    CHECK(std::ranges::count(events, "notice", &Event::type) == 1);
}
