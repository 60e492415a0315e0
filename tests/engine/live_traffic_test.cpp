// SPDX-License-Identifier: Apache-2.0
// Gates on live traffic in a whole rollout: the counters of simulated pods, as a metrics source
// would have them.
#include "engine/gate_replay.hpp"
#include "engine/plan_json.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;
using Catch::Contains;

namespace {

/// Each pod answers 50 requests a second, of which old and new ones fail their share.
struct Shop : Stage {
    Shop() {
        AnalysisQuestion question;
        question.errors = "bad{pod=~\"${pods}\"}";
        question.total = "all{pod=~\"${pods}\"}";
        question.warm_up = seconds(5);
        GateSettings gate{{}, question};
        gate.policy.fail_after = 1;
        gate.policy.every = seconds(5);
        gate.policy.errors_in_a_row = 4;
        configuration.gates = {{"live", gate}};
        configuration.strategies.canary.gates = {"live"};
        configuration.strategies.blue_green.gates = {"live"};
        configuration.strategies.canary.steps = {{25, seconds(60)}, {50, seconds(60)}};
        metrics.answer([this](const std::string& query) { return answer(query); });
    }

    MetricAnswer answer(const std::string& query) {
        if (is_down) {
            return {MetricAnswer::Kind::failed, {}, "connection refused", {}};
        }
        MetricAnswer answer;
        const double seconds_on = std::chrono::duration<double>(clock.elapsed()).count();
        for (const auto& pod : cluster.world().pods) {
            if (query.find(pod.meta.name) == std::string::npos) {
                continue;
            }
            const bool is_new = pod.meta.name.starts_with("web-canary");
            const double share = query.starts_with("all") ? 1 : is_new ? new_errors : old_errors;
            const double count = std::floor(50 * seconds_on * share);
            answer.series.push_back({{{"pod", pod.meta.name}}, {{WallTime(), count}}});
        }
        return answer;
    }

    int moved_to_all() {
        int steps = 0;
        for (const auto& event : run(store.events(newest().id, 0))) {
            steps += event.type == "step.started" && event.data.text("/stage") == "100%" ? 1 : 0;
        }
        return steps;
    }

    double old_errors = 0.005;
    double new_errors = 0.005;
    bool is_down = false;
};

}  // namespace

TEST_CASE("a version that fails ten times as often is sent back, with the numbers", "[engine]") {
    Shop shop;
    shop.new_errors = 0.05;
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::rolled_back);
    REQUIRE(result.cause);
    CHECK(result.cause->subject == "live");
    CHECK_THAT(result.cause->headline, Contains("live: canary ") && Contains("stable "));
    CHECK_THAT(
        result.cause->headline,
        Contains("aborted after ") && Contains(" requests of the canary; no test with these") &&
            Contains(" on average (Wald)")
    );
    CHECK(shop.end_state() == "registry/shop/web:v1 x4, candidate x0, app=web");
    CHECK(shop.moved_to_all() == 0);
}

TEST_CASE("a version as good as the old one is promoted, also one without errors", "[engine]") {
    Shop shop;
    shop.old_errors = shop.new_errors = GENERATE(0.005, 0.0);
    const auto result = shop.start(StrategyKind::canary, "v2");
    INFO((result.cause ? result.cause->headline : "no cause"));
    CHECK(result.exit == ExitCode::done);
}

TEST_CASE("a source that goes away holds the rollout, and never promotes", "[engine]") {
    Shop shop;
    shop.clock.call_in(seconds(40), [&] { shop.is_down = true; });
    SECTION("hold") {
        const auto result = shop.start(StrategyKind::canary, "v2");
        CHECK(result.exit == ExitCode::paused);
        REQUIRE(result.cause);
        CHECK_THAT(
            result.cause->headline,
            Contains("4 in a row without an answer") && Contains("connection refused")
        );
        shop.is_down = false;
        shop.replace_runner();
        CHECK(shop.resume().exit == ExitCode::done);
    }
    SECTION("fail") {
        shop.configuration.gates["live"].policy.on_no_data = OnNoData::fail;
        CHECK(shop.start(StrategyKind::canary, "v2").exit == ExitCode::rolled_back);
    }
}

TEST_CASE("a gate that is only told, or runs dry, decides nothing", "[engine]") {
    Shop shop;
    shop.new_errors = 0.05;
    auto& policy = shop.configuration.gates["live"].policy;
    if (GENERATE(true, false)) {
        policy.dry_run = true;
    } else {
        policy.on_fail = OnGateFail::notify;
    }
    CHECK(shop.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    const auto events = run(shop.store.events(shop.newest().id, 0));
    CHECK(std::ranges::any_of(events, [](const Event& event) {
        return event.type == "gate.evaluated" && event.data.text("/answer") == "fail";
    }));
}

TEST_CASE("what cannot be proven in time is a person's to decide, unless told else", "[engine]") {
    Shop shop;
    shop.old_errors = shop.new_errors = 0.005;
    auto& gate = shop.configuration.gates["live"];
    std::get<AnalysisQuestion>(gate.question).min_samples = 1'000'000;
    gate.policy.hold_at_most = seconds(30);
    SECTION("pause") {
        const auto result = shop.start(StrategyKind::canary, "v2");
        CHECK(result.exit == ExitCode::paused);
        REQUIRE(result.cause);
        CHECK_THAT(result.cause->headline, Contains("nothing proven after 30s more"));
    }
    SECTION("pass") {
        gate.policy.on_inconclusive = OnInconclusive::pass;
        CHECK(shop.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    }
    SECTION("rollback") {
        gate.policy.on_inconclusive = OnInconclusive::rollback;
        CHECK(shop.start(StrategyKind::canary, "v2").exit == ExitCode::rolled_back);
    }
}

TEST_CASE("what a killed runner had counted counts on", "[engine]") {
    Shop shop;
    shop.new_errors = 0.02;
    shop.faults.at_write(16, Fault::crash_after);
    CHECK_THROWS_AS(shop.start(StrategyKind::canary, "v2"), SimulatedCrash);
    shop.replace_runner();
    const auto result = shop.resume();
    CHECK(result.exit == ExitCode::rolled_back);
}

TEST_CASE("a hold ends early once the version is proven good, and no other one does", "[engine]") {
    Shop shop;
    auto& canary = shop.configuration.strategies.canary;
    canary.steps = {{25, minutes(60)}, {50, minutes(60)}};
    canary.early = true;
    canary.keep_old = minutes(5);
    shop.configuration.timeouts.rollout = minutes(600);
    SECTION("good") {
        CHECK(shop.start(StrategyKind::canary, "v2").exit == ExitCode::done);
        const auto took = shop.clock.elapsed();
        CHECK(took < minutes(60));
        CHECK(took > minutes(5));  // `keep_old` is kept
    }
    SECTION("too bad to be proven good, and too good to be proven bad") {
        shop.old_errors = 0.10;
        shop.new_errors = 0.11;
        std::get<AnalysisQuestion>(shop.configuration.gates["live"].question).max_ratio = 1.1;
        shop.start(StrategyKind::canary, "v2");
        CHECK(shop.clock.elapsed() > minutes(60));
    }
    SECTION("another gate has not passed") {
        MetricQuestion question;
        question.query = "never";
        question.max = 1;
        GateSettings gate{{}, question};
        gate.policy.errors_in_a_row = 100'000;
        gate.policy.on_fail = OnGateFail::hold;
        shop.configuration.gates["other"] = gate;
        canary.gates.push_back("other");
        shop.clock.call_in(minutes(59), [&] { shop.is_down = true; });
        shop.start(StrategyKind::canary, "v2");
        CHECK(shop.clock.elapsed() > minutes(59));
    }
}

TEST_CASE("each hold needs requests of its own to end early", "[engine]") {
    Shop shop;
    auto& canary = shop.configuration.strategies.canary;
    canary.steps = {{25, minutes(60)}, {50, minutes(60)}};
    canary.early = true;
    shop.configuration.timeouts.rollout = minutes(600);
    REQUIRE(shop.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    int early = 0;
    for (const auto& event : run(shop.store.events(shop.newest().id, 0))) {
        const bool is_hold = event.data.text("/detail").find("proven good") != std::string::npos;
        early += is_hold ? 1 : 0;
    }
    CHECK(early == 2);
}

namespace {

std::vector<engine::ReplayedVerdict> replay_of(Shop& shop) {
    const auto id = shop.newest().id;
    const auto plan = engine::read_plan(run(shop.store.plan(id)));
    return engine::replay_gates(plan, run(shop.store.events(id, 0)));
}

}  // namespace

TEST_CASE("verdicts and decisions follow from what the journal stored of them", "[engine]") {
    Shop shop;
    SECTION("bad, over two runners") {
        shop.new_errors = 0.02;
        shop.faults.at_write(16, Fault::crash_after);
        CHECK_THROWS_AS(shop.start(StrategyKind::canary, "v2"), SimulatedCrash);
        shop.replace_runner();
        REQUIRE(shop.resume().exit == ExitCode::rolled_back);
    }
    SECTION("good") {
        REQUIRE(shop.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    }
    SECTION("alone after a switch") {
        REQUIRE(shop.start(StrategyKind::blue_green, "v2").exit == ExitCode::done);
    }
    SECTION("nobody answers, then nothing is proven in time") {
        shop.clock.call_in(seconds(40), [&] { shop.is_down = true; });
        shop.clock.call_in(seconds(50), [&] { shop.is_down = false; });
        auto& gate = shop.configuration.gates["live"];
        std::get<AnalysisQuestion>(gate.question).min_samples = 1'000'000;
        gate.policy.hold_at_most = seconds(30);
        REQUIRE(shop.start(StrategyKind::canary, "v2").exit == ExitCode::paused);
    }
    const auto all = replay_of(shop);
    REQUIRE(all.size() > 3);
    for (const auto& one : all) {
        INFO(one.seq << " " << one.recorded.ruled.decision << " anew " << one.decision);
        CHECK_FALSE(one.is_other());
        CHECK(one.recorded.ruled.decision == one.decision);
    }
    CHECK(std::ranges::any_of(all, [](const auto& one) { return one.replay.verdict.has_value(); }));
}
