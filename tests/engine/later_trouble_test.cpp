// SPDX-License-Identifier: Apache-2.0
// A version that gets ready, takes traffic, and is unready a little later: whoever asks through the
// Service must be answered again within seconds, whatever step it happens in.
#include "model/kubernetes/symptoms.hpp"
#include "simcluster/run.hpp"
#include "simcluster/traffic.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

namespace {

const auto all_strategies = {StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling};

bool lose_a_pod(SimCluster& cluster, const std::string& prefix) {
    for (const auto& pod : cluster.world().pods) {
        if (pod.meta.name.starts_with(prefix)) {
            cluster.erase(in_shop(Kind::pod, pod.meta.name));
            return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE("a version that turns unready before it has all traffic takes none along", "[engine]") {
    for (const auto strategy : {StrategyKind::canary, StrategyKind::blue_green}) {
        CAPTURE(to_text(strategy));
        Stage stage;
        stage.configuration.strategies.blue_green.warm_up = seconds(30);
        stage.cluster.behave("v2", turning_unready(seconds(5)));
        stage.keep_ready(4);
        const auto result = stage.start(strategy, "v2");
        CHECK(result.exit == ExitCode::rolled_back);
        REQUIRE(result.cause);
        CHECK(result.cause->kind == "unready");
        CHECK(result.cause->headline.find("NotReady: ") == 0);
        CHECK(stage.fewest_ready() >= 3);
    }
}

// At each moment of a rollout all pods of the new version turn unready at once.
TEST_CASE("whenever it turns unready, the Service is empty for a few seconds only", "[engine]") {
    for (const auto strategy : all_strategies) {
        for (int after = 1; after <= 60; ++after) {
            CAPTURE(to_text(strategy), after);
            Stage stage;
            stage.configuration.strategies.blue_green.keep_old = seconds(10);
            stage.cluster.behave("v2", turning_unready(seconds(after)));
            stage.keep_ready(4);
            const auto result = stage.start(strategy, "v2");
            if (result.exit == ExitCode::done) {
                break;  // it was promoted before: nobody watches any more
            }
            CHECK(result.exit == ExitCode::rolled_back);
            CHECK(result.rollout.state == RolloutState::rolled_back);
            CHECK(stage.time_below(1) <= seconds(8));
            CHECK(stage.time_below(3) <= seconds(20));
        }
    }
}

// A runner dies before a write, and the next one comes a minute later, when no pod of the new
// version is ready any more: stable's pods after the fold neither.
TEST_CASE("whoever goes on later pins a Service only to pods that are ready", "[engine][crash]") {
    int deaths = 0;
    for (int write = 10; write < 90; ++write) {
        CAPTURE(write);
        Stage stage;
        stage.cluster.behave("v2", turning_unready(seconds(20)));
        Labels last;
        std::string in_the_dark;
        stage.cluster.watch([&](const World& world) {
            const auto& selector = find_service(world, "web")->selector;
            const bool is_served = std::ranges::any_of(world.pods, [&](const Pod& pod) {
                return pod.ready && selects(selector, pod.meta.labels);
            });
            const bool is_pinned = selector.size() > 1 && selector != last;
            in_the_dark += is_pinned && !is_served ? to_text(stage.clock.elapsed()) + " " : "";
            last = selector;
        });
        stage.faults.at_write(write, Fault::crash_before);
        try {
            stage.start(StrategyKind::blue_green, "v2");
        } catch (const SimulatedCrash&) {
            ++deaths;
            stage.clock.advance(seconds(60));
            stage.replace_runner();
            stage.resume();
        }
        CHECK(in_the_dark == "");
    }
    CHECK(deaths > 40);
}

TEST_CASE(
    "no client meets a version that failed in its preview, on the way back neither", "[engine]"
) {
    Pace busy;
    busy.controller = seconds(1);  // pods outlive the change that ends them
    Stage stage(busy);
    stage.cluster.behave("v2", failing_requests(0.5));
    double most = 0;
    stage.cluster.watch([&](const World& world) {
        most = std::max(most, served_by(world, "web").share("v2"));
    });
    CHECK(stage.start(StrategyKind::blue_green, "v2").exit == ExitCode::rolled_back);
    stage.clock.advance(seconds(5));  // what it leaves behind counts as well
    CHECK(most == 0);
}

TEST_CASE(
    "a gate that has nobody to ask does not take a crash for a question to a person", "[engine]"
) {
    Stage stage;
    stage.configuration.confirm.crash = seconds(30);
    stage.configuration.confirm.unready = seconds(60);
    stage.cluster.behave("v2", flaky(milliseconds(500)));
    const auto result = stage.start(StrategyKind::blue_green, "v2");
    CHECK(result.exit == ExitCode::rolled_back);
    REQUIRE(result.cause);
    CHECK(result.cause->kind == "crash_loop");
}

TEST_CASE("a pod that comes in place of another one gets the time to start", "[engine]") {
    Stage stage;
    stage.configuration.strategies.canary.steps = {{50, seconds(120)}};
    stage.configuration.strategies.canary.gates = {};
    stage.cluster.behave("v2", slow(seconds(25)));
    const auto when = stage.clock.elapsed() + seconds(90);
    bool is_lost = false;
    stage.clock.call_at(when, [&] { is_lost = lose_a_pod(stage.cluster, "web-canary-"); });
    const auto result = stage.start(StrategyKind::canary, "v2");
    CHECK(is_lost);
    INFO((result.cause ? result.cause->kind + ": " + result.cause->headline : "no cause"));
    CHECK(result.exit == ExitCode::done);
}

TEST_CASE("a quota that pods on their way out still fill takes nothing back", "[engine]") {
    for (const int grace : {5, 15, 40, 120}) {
        CAPTURE(grace);
        Stage stage;
        stage.cluster.behave("v1", good().stopping_in(seconds(grace)));
        stage.cluster.add(a_pod_quota(5));
        stage.cluster.settle();
        const auto result = stage.start(StrategyKind::rolling, "v2");
        CAPTURE(result.cause.value_or(Cause()).headline);
        CHECK(result.exit == ExitCode::done);
    }
}

TEST_CASE("a quota that stays full takes it back, whoever was leaving", "[engine]") {
    Stage stage;
    stage.cluster.behave("v1", good().stopping_in(seconds(15)));
    stage.clock.call_in(seconds(3), [&] {
        stage.cluster.add(a_pod_quota(4));
        stage.cluster.settle();
    });
    const auto result = stage.start(StrategyKind::rolling, "v2");
    REQUIRE(result.cause);
    CHECK(result.cause->kind == over_quota);
    CHECK(stage.clock.elapsed() < minutes(2));
}
