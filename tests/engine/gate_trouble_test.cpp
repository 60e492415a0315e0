// SPDX-License-Identifier: Apache-2.0
// What is not the version's fault, and what must not make anybody wait: an API server out of reach,
// pods that hang, a kubelet that gives no log, a gate that takes its time.
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

namespace {

#ifdef NDEBUG
const int stride = 2;
#else
const int stride = 14;
#endif

constexpr auto promoted = "registry/shop/web:v2 x4, candidate x0, app=web";

Behaviour answering_after(Duration took) {
    return good().answering("*", {200, "ok", 0, {}, took});
}

Behaviour out_of_reach() {
    return good().answering("*", {0, "", 0, {}, {}});
}

/// A canary that is held for a minute at 25 %, with the pods' behaviour changing in it.
struct Held : Stage {
    Held() { configuration.strategies.canary.steps = {{25, seconds(60)}}; }

    void behave_from(Duration when, Behaviour behaviour) {
        clock.call_in(when, [this, behaviour] { cluster.behave("v2", behaviour); });
    }
};

Duration time_of(Stage& stage, const Behaviour& behaviour) {
    stage.cluster.behave("v2", behaviour);
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::rolled_back);
    return stage.clock.elapsed();
}

/// One of the new version, where there is one that is ready.
void lose_a_pod(SimCluster& cluster) {
    for (const auto& pod : cluster.world().pods) {
        if (pod.ready && pod.meta.name.starts_with("web-canary")) {
            cluster.erase(in_shop(Kind::pod, pod.meta.name));
            return;
        }
    }
}

/// The writes to anything but the Lease after `from` and before `until`.
int writes_between(Stage& stage, Duration from, Duration until) {
    int count = 0;
    for (const auto& write : stage.cluster.writes()) {
        const bool is_then = write.at > from && write.at < until;
        count += is_then && write.ref.kind != Kind::lease ? 1 : 0;
    }
    return count;
}

}  // namespace

TEST_CASE("an API server that is away for some seconds rolls nothing back", "[engine]") {
    Held stage;
    stage.behave_from(seconds(30), out_of_reach());
    stage.behave_from(seconds(40), good());
    const auto result = stage.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::done);
    CHECK(stage.end_state() == promoted);
}

TEST_CASE("where the gates cannot be asked for long, the rollout waits for a person", "[engine]") {
    Held stage;
    stage.behave_from(seconds(30), out_of_reach());
    const auto result = stage.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::paused);
    REQUIRE(result.cause);
    CHECK(result.cause->headline.find("nobody can tell, 10 in a row") != std::string::npos);
}

TEST_CASE("pods that hang keep no signal waiting for longer than five seconds", "[engine]") {
    for (int after = 30; after < 40; ++after) {
        CAPTURE(after);
        Held stage;
        auto second = stage.configuration.gates["errors"];
        second.policy.fail_after = 100;
        stage.configuration.gates["errors"] = second;
        stage.configuration.gates["more"] = second;
        stage.configuration.gates["most"] = second;
        stage.configuration.strategies.canary.gates = {"errors", "more", "most"};
        stage.configuration.on_interrupt = OnInterrupt::hold;
        stage.behave_from(seconds(29), answering_after(seconds(60)));
        const auto signalled = stage.clock.elapsed() + seconds(after);
        stage.interrupts.send_at(signalled, Interrupt::terminate);
        const auto result = stage.start(StrategyKind::canary, "v2");
        CHECK(result.exit == ExitCode::stopped_watching);
        CHECK(stage.clock.elapsed() - signalled <= seconds(5));
    }
}

TEST_CASE("a kubelet that gives no log does not delay the way back", "[engine]") {
    Stage healthy;
    const auto with_logs = time_of(healthy, crashing());
    auto silent = crashing();
    silent.log_took = seconds(30);
    Stage stage;
    CHECK(time_of(stage, silent) - with_logs <= milliseconds(1100));
    const auto cause = run(stage.store.cause(stage.newest().id));
    REQUIRE(cause);
    REQUIRE_FALSE(cause->pods.empty());
    REQUIRE_FALSE(cause->pods.front().log.empty());
    CHECK(cause->pods.front().log.front().starts_with("not readable: no answer within"));
}

TEST_CASE("passes in a row are progress: a slow gate rolls no good version back", "[engine]") {
    for (const auto every : {seconds(20), seconds(90)}) {
        CAPTURE(every.count());
        Stage stage;
        stage.configuration.gates["errors"].policy.pass_after = 5;
        stage.configuration.gates["errors"].policy.every = every;
        CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
        CHECK(stage.end_state() == promoted);
    }
}

TEST_CASE("while somebody is asked, nothing new begins, and the pods are watched", "[engine]") {
    Stage stage;
    const auto asked = stage.clock.elapsed() + seconds(15);  // in the hold at 25 %
    stage.clock.call_at(asked, [&stage] { stage.interrupts.ask(); });
    SECTION("the answer lets it go on") {
        stage.clock.call_at(asked + seconds(60), [&stage] { stage.interrupts.answer(); });
        CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
        CHECK(writes_between(stage, asked, asked + seconds(60)) == 0);
        CHECK(stage.end_state() == promoted);
    }
    SECTION("a bad version goes back without an answer") {
        stage.clock.call_at(asked + seconds(20), [&stage] {
            stage.cluster.behave("v2", failing_requests(1));
        });
        const auto result = stage.start(StrategyKind::canary, "v2");
        CHECK(result.exit == ExitCode::rolled_back);
        REQUIRE(result.cause);
        CHECK(result.cause->kind == "gate");
    }
}

TEST_CASE("a pod that is lost while a gate takes its time is not counted on", "[engine]") {
    for (int tenths = 30; tenths < 300; tenths += stride) {
        CAPTURE(tenths);
        Stage stage;
        stage.configuration.strategies.canary.steps = {{50, seconds(1)}};
        stage.cluster.behave("v2", answering_after(milliseconds(1500)));
        stage.keep_ready(4);
        stage.clock.call_in(milliseconds(100 * tenths), [&] { lose_a_pod(stage.cluster); });
        CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
        CHECK(stage.fewest_ready() >= 3);
    }
}
