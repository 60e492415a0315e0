// SPDX-License-Identifier: Apache-2.0
// Steps that wait for people, and gates that come before anything: who counts, what a no does, and
// that waiting is no failure.
#include "engine/approving.hpp"
#include "engine/cluster_record.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;
using Catch::Contains;

namespace {

using std::chrono::hours;

struct Shop : Stage {
    Shop() {
        ApprovalSettings sre;
        sre.count = 2;
        configuration.approvals = {{"sre", sre}};
        configuration.strategies.canary.steps = {
            {25, seconds(10)}, {0, Duration{}, "sre"}, {50, seconds(10)}
        };
        configuration.strategies.canary.gates.clear();
    }

    void say(const std::string& by, Vote vote = Vote::approve, const std::string& hash = "") {
        const auto rollout = newest();
        Approval word;
        word.id = "word-" + std::to_string(++words);
        word.rollout = rollout.id;
        word.name = "sre";
        word.plan_hash = hash.empty() ? rollout.plan_hash : hash;
        word.by = by;
        word.vote = vote;
        word.reason = "seen";
        word.at = clock.now() + ahead;
        run(store.keep_approval(word));
    }

    void say_in(Duration delay, const std::string& by, Vote vote = Vote::approve) {
        clock.call_in(delay, [this, by, vote] { say(by, vote); });
    }

    int count(const std::string& type) {
        int found = 0;
        for (const auto& event : run(store.events(newest().id, 0))) {
            found += event.type == type ? 1 : 0;
        }
        return found;
    }

    /// `sre` is asked twice, and one yes is enough.
    void ask_twice() {
        configuration.approvals["sre"].count = 1;
        configuration.strategies.canary.steps = {
            {25, seconds(10)}, {0, Duration{}, "sre"}, {50, seconds(10)}, {0, Duration{}, "sre"}
        };
    }

    int words = 0;
    Duration ahead{};  ///< the clocks of those who say it
};

}  // namespace

TEST_CASE("approvals that the initiator leaves nobody to give are out of reach", "[engine]") {
    const auto of = [](ApprovalSettings settings) {
        Plan plan;
        plan.approvals = {{"sre", std::move(settings)}};
        return engine::approvals_out_of_reach(plan, "root@laptop");
    };
    ApprovalSettings both;
    both.count = 2;
    both.people = {"root", "bob"};
    const auto told = of(both);
    REQUIRE(told.size() == 1);
    CHECK_THAT(
        told.front(), Contains("approval `sre` needs 2, and only bob may give it where root begins")
    );
    auto own = both;
    own.not_initiator = false;
    CHECK(of(own).empty());
    auto one = both;
    one.count = 1;
    CHECK(of(one).empty());
    one.people = {"root"};
    CHECK_THAT(of(one).front(), Contains("nobody may give it"));
    one.people = {};
    CHECK(of(one).empty());
}

TEST_CASE(
    "a rollout leaves where it needs people, and goes on when they have said yes", "[engine]"
) {
    Shop shop;
    const auto left = shop.start(StrategyKind::canary, "v2");
    CHECK(left.exit == ExitCode::paused);
    CHECK(left.rollout.state == RolloutState::paused);
    REQUIRE(left.cause);
    CHECK(left.cause->kind == engine::approval_cause);
    CHECK_THAT(left.cause->headline, Contains("sre: 0 of 2 given"));
    CHECK(shop.end_state() == "registry/shop/web:v1 x3, candidate x1, app=web");

    shop.say("bob@laptop");
    const auto again = shop.resume();
    CHECK(again.exit == ExitCode::paused);
    CHECK_THAT(again.cause->headline, Contains("1 of 2 given, by bob@laptop"));

    shop.say("eve@laptop");
    CHECK(shop.resume().exit == ExitCode::done);
    CHECK(shop.count("approval.heard") == 2);
    CHECK(shop.end_state() == "registry/shop/web:v2 x4, candidate x0, app=web");
}

TEST_CASE("who began it, who says it twice, and who saw another plan do not count", "[engine]") {
    Shop shop;
    shop.start(StrategyKind::canary, "v2");
    shop.say("ada@elsewhere");  // the initiator, on another machine
    shop.say("bob@laptop");
    shop.say("bob@desktop");
    shop.say("eve@laptop", Vote::approve, "another-plan");
    const auto still = shop.resume();
    CHECK(still.exit == ExitCode::paused);
    CHECK_THAT(still.cause->headline, Contains("1 of 2 given"));
}

TEST_CASE("only those who may, and only for as long as it counts", "[engine]") {
    Shop shop;
    auto& sre = shop.configuration.approvals["sre"];
    sre.count = 1;
    sre.people = {"eve", "ci:acme/web"};
    sre.expires = hours(1);
    shop.start(StrategyKind::canary, "v2");
    shop.say("bob@laptop");
    CHECK(shop.resume().exit == ExitCode::paused);
    shop.say("eve@laptop");
    shop.clock.advance(hours(2));
    CHECK(shop.resume().exit == ExitCode::paused);
    shop.say("ci:acme/web run=7");
    CHECK(shop.resume().exit == ExitCode::done);
}

TEST_CASE("somebody who says no sends it back, with the reason", "[engine]") {
    Shop shop;
    shop.start(StrategyKind::canary, "v2");
    shop.say("bob@laptop");
    shop.say("eve@laptop");
    shop.say("mia@laptop", Vote::deny);
    const auto back = shop.resume();
    CHECK(back.exit == ExitCode::rolled_back);
    CHECK_THAT(back.cause->headline, Contains("denied by mia@laptop: seen"));
    CHECK(shop.end_state() == "registry/shop/web:v1 x4, candidate x0, app=web");
}

TEST_CASE("a runner that waits hears people, and no deadline runs meanwhile", "[engine]") {
    Shop shop;
    shop.on_pause = engine::PausePolicy::wait;
    shop.configuration.timeouts.rollout = minutes(10);
    shop.configuration.timeouts.step = minutes(5);
    shop.say_in(hours(3), "bob@laptop");
    shop.say_in(hours(4), "eve@laptop");
    const auto begun = shop.clock.elapsed();
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::done);
    CHECK(shop.clock.elapsed() - begun > hours(4));
}

TEST_CASE("whoever sees a runner that waits is told again every ten minutes", "[engine]") {
    Shop shop;
    shop.on_pause = engine::PausePolicy::wait;
    shop.configuration.approvals["sre"].people = {"bob", "eve"};
    shop.say_in(minutes(15), "bob@laptop");
    shop.say_in(minutes(38), "eve@laptop");
    CHECK(shop.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    CHECK(shop.sink.count("approval.reminder") == 3);
    const auto last = shop.sink.last("approval.reminder").data;
    CHECK(last.number("/given") == 1);
    CHECK(last.number("/needed") == 2);
    CHECK(last.items("/people").size() == 2);
    CHECK(shop.count("approval.reminder") == 0);  // nothing new for the journal
}

TEST_CASE("pods that fail while people are waited for send it back", "[engine]") {
    Shop shop;
    shop.on_pause = engine::PausePolicy::wait;
    shop.cluster.behave("v2", turning_unready(seconds(60)));
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::rolled_back);
    CHECK(shop.clock.elapsed() < hours(1));
}

TEST_CASE("a yes is used by one step", "[engine]") {
    Shop shop;
    shop.ask_twice();
    shop.start(StrategyKind::canary, "v2");
    shop.say("bob@laptop");
    const auto second = shop.resume();
    CHECK(second.exit == ExitCode::paused);
    CHECK(second.rollout.step > 0);
    CHECK_THAT(second.cause->headline, Contains("0 of 1 given"));
    CHECK(second.cause->stage == "50%");
    shop.clock.advance(seconds(1));
    shop.say("bob@laptop");
    CHECK(shop.resume().exit == ExitCode::done);
}

TEST_CASE("which step a yes is used by is no matter of clocks", "[engine]") {
    Shop shop;
    shop.ask_twice();
    shop.ahead = minutes(GENERATE(-5, 5));
    shop.start(StrategyKind::canary, "v2");
    shop.say("bob@laptop");
    const auto second = shop.resume();
    CHECK(second.exit == ExitCode::paused);
    CHECK(second.cause->stage == "50%");
    CHECK_THAT(second.cause->headline, Contains("0 of 1 given"));
    shop.say("bob@laptop");
    CHECK(shop.resume().exit == ExitCode::done);
}

TEST_CASE("what was said before a step that passed elsewhere is used by that", "[engine]") {
    Shop shop;
    shop.ask_twice();
    const auto plan = shop.draft(StrategyKind::canary, "v2").plan;
    const auto wait = std::ranges::find_if(plan.course.steps, [](const Step& step) {
        return engine::waits_for(step, "sre");
    });
    const auto step = static_cast<int>(wait - plan.course.steps.begin());
    auto passed =
        to_event(StepFinished{Direction::forward, step, "25%", StepResult::skipped, "", Duration{}}
        );
    passed.at = shop.clock.now();
    const auto used = engine::used_words({passed}, plan, "sre");
    Approval said;
    said.at = passed.at - minutes(1);
    CHECK(used.has(said));
    said.at = passed.at + minutes(1);
    CHECK_FALSE(used.has(said));
    CHECK_FALSE(engine::used_words({passed}, plan, "dba").has(Approval{}));
}

TEST_CASE("a no before anything was changed changes nothing", "[engine]") {
    Shop shop;
    shop.on_pause = engine::PausePolicy::wait;
    shop.environment.approval = "sre";
    shop.say_in(minutes(1), "eve@laptop", Vote::deny);
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::blocked);
    CHECK(result.rollout.state == RolloutState::aborted);
    CHECK_THAT(result.cause->headline, Contains("denied by eve@laptop"));
    CHECK(shop.end_state() == "registry/shop/web:v1 x4, app=web");
    CHECK(
        shop.cluster.object(engine::record_ref(result.rollout.target, result.rollout.id)).is_null()
    );
}

TEST_CASE(
    "what an autoscaler has added while people were waited for is not taken away", "[engine]"
) {
    Shop shop;
    shop.on_pause = engine::PausePolicy::wait;
    shop.environment.approval = "sre";
    shop.configuration.approvals["sre"].count = 1;
    shop.configuration.strategies.canary.steps = {{25, seconds(10)}};
    shop.cluster.add(an_autoscaler("web").between(2, 10));
    shop.cluster.autoscaler_wants("web", 4);
    shop.cluster.settle();
    const auto autoscaler = in_shop(Kind::autoscaler, "web");
    const auto before = shop.cluster.object(autoscaler).at("/spec");
    const auto strategy = GENERATE(StrategyKind::canary, StrategyKind::blue_green);
    shop.say_in(hours(2), "eve@laptop");
    SECTION("a larger size ends it, and nothing was changed") {
        shop.clock.call_in(hours(1), [&shop] { shop.cluster.autoscaler_wants("web", 8); });
        const auto result = shop.start(strategy, "v2");
        CHECK(result.exit == ExitCode::blocked);
        CHECK(result.rollout.state == RolloutState::aborted);
        REQUIRE(result.cause);
        CHECK_THAT(
            result.cause->headline,
            Contains("HorizontalPodAutoscaler/web has made Deployment/web larger, 8 instead of 4")
        );
        CHECK(shop.end_state() == "registry/shop/web:v1 x8, app=web");
        shop.environment.approval.clear();
        CHECK(shop.start(strategy, "v2").exit == ExitCode::done);
    }
    SECTION("so do other limits") {
        shop.clock.call_in(hours(1), [&] {
            shop.cluster.edit(autoscaler, [](Value& object) {
                object.set("/spec/maxReplicas", 20);
            });
        });
        const auto result = shop.start(strategy, "v2");
        CHECK(result.exit == ExitCode::blocked);
        CHECK_THAT(result.cause->headline, Contains("limits is 2..20 instead of 2..10"));
    }
    SECTION("a smaller one is no reason") {
        shop.clock.call_in(hours(1), [&shop] { shop.cluster.autoscaler_wants("web", 3); });
        CHECK(shop.start(strategy, "v2").exit == ExitCode::done);
        CHECK(shop.cluster.object(autoscaler).at("/spec") == before);
    }
}

TEST_CASE("a no to a rollout that was taken up again leaves all as it was", "[engine]") {
    Shop shop;
    shop.environment.approval = "sre";
    CHECK(shop.start(StrategyKind::canary, "v2").exit == ExitCode::paused);
    shop.say("eve@laptop", Vote::deny);
    CHECK(shop.resume().exit == ExitCode::rolled_back);
    CHECK(shop.end_state() == "registry/shop/web:v1 x4, candidate x0, app=web");
}

TEST_CASE("what is waited for before anything is changed can be taken up elsewhere", "[engine]") {
    Shop shop;
    shop.environment.approval = "sre";
    shop.configuration.approvals["sre"].count = 1;
    const auto left = shop.start(StrategyKind::canary, "v2");
    CHECK_FALSE(
        shop.cluster.object(engine::record_ref(left.rollout.target, left.rollout.id)).is_null()
    );
    shop.say("bob@laptop");
    shop.replace_runner();
    CHECK(shop.resume().exit == ExitCode::paused);  // the next approval, at 25 %
}

TEST_CASE("a gate that fails before anything was changed changes nothing", "[engine]") {
    Shop shop;
    auto gate = gate_of("metric", "").value();
    auto& question = std::get<MetricQuestion>(gate.question);
    question.query = "queue{pod=~\"${pods}\"}";
    question.max = 10;
    gate.policy.fail_after = 2;
    gate.policy.every = seconds(5);
    shop.configuration.gates["queue"] = gate;
    shop.configuration.approvals["sre"].count = 0;
    shop.environment.preflight = {{"queue"}};
    double value = 11;
    shop.metrics.answer([&value](const std::string&) {
        return MetricAnswer{MetricAnswer::Kind::series, {{{}, {{WallTime(), value}}}}, "", {}};
    });
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::blocked);
    CHECK(result.rollout.state == RolloutState::aborted);
    REQUIRE(result.cause);
    CHECK_THAT(result.cause->headline, Contains("queue: 11 > limit 10"));
    CHECK(shop.end_state() == "registry/shop/web:v1 x4, app=web");
    value = 3;
    CHECK(shop.start(StrategyKind::canary, "v3").exit == ExitCode::done);
    CHECK_THAT(shop.metrics.queries().front(), Contains("web-") && !Contains("canary"));
}

TEST_CASE("a step may be of some environments alone", "[engine]") {
    Shop shop;
    shop.configuration.strategies.canary.steps[1].environments = {{"production"}};
    shop.environment.name = "staging";
    CHECK(shop.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    shop.environment.name = "production";
    CHECK(shop.start(StrategyKind::canary, "v3").exit == ExitCode::paused);
}
