// SPDX-License-Identifier: Apache-2.0
// A canary that is compared with fresh pods of the old version: they come and go with it, whatever
// happens.
#include "engine/gate_subjects.hpp"
#include "engine/objects.hpp"
#include "engine/plan_json.hpp"
#include "engine/preflight.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;
using Catch::Matchers::Contains;

namespace {

constexpr auto promoted = "registry/shop/web:v2 x4, candidate x0, app=web, baseline x0";
constexpr auto restored = "registry/shop/web:v1 x4, candidate x0, app=web, baseline x0";

struct FreshStage : Stage {
    FreshStage() { configuration.strategies.canary.baseline = CanaryBaseline::fresh; }

    Value baseline() { return cluster.object(in_shop(Kind::deployment, "web-baseline")); }

    /// Both are there, or neither: a death may have come before the one or the other.
    std::string end() {
        const auto state = end_state();
        const auto size = baseline().number("/spec/replicas", -1);
        return state + ", baseline x" + std::to_string(size);
    }

    int baseline_pods() {
        const auto& pods = cluster.world().pods;
        return static_cast<int>(std::ranges::count_if(pods, [](const Pod& pod) {
            return pod.meta.name.starts_with("web-baseline-");
        }));
    }
};

bool run_until_crash(Stage& stage) {
    try {
        stage.start(StrategyKind::canary, "v2");
        return false;
    } catch (const SimulatedCrash&) {
        stage.replace_runner();
        return true;
    }
}

}  // namespace

TEST_CASE("a fresh baseline comes and goes with the candidate", "[engine]") {
    FreshStage stage;
    stage.keep_ready(4);
    const auto result = stage.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::done);
    CHECK(stage.end() == promoted);
    CHECK(stage.fewest_ready() >= 4);
    CHECK(stage.baseline_pods() == 0);
    const auto baseline = stage.baseline();
    CHECK(baseline.has(annotation_pointer(mark::tombstone)));
    CHECK(baseline.text("/spec/template/spec/containers/0/image") == "registry/shop/web:v1");
    CHECK(baseline.text("/spec/selector/matchLabels/" + escape_pointer(mark::track)) == "baseline");
}

TEST_CASE("a bad version takes its fresh baseline back with it", "[engine]") {
    for (const auto& behaviour : {failing_requests(0.5), crashing(), never_ready()}) {
        FreshStage stage;
        stage.cluster.behave("v2", behaviour);
        stage.keep_ready(4);
        const auto result = stage.start(StrategyKind::canary, "v2");
        CHECK(result.exit == ExitCode::rolled_back);
        CHECK(stage.end() == restored);
        CHECK(stage.baseline_pods() == 0);
    }
}

TEST_CASE("a baseline that does not get ready ends the step by its deadline", "[engine]") {
    FreshStage stage;
    stage.clock.call_in(seconds(1), [&stage] { stage.cluster.behave("v1", never_ready()); });
    stage.clock.call_in(seconds(50), [&stage] { stage.cluster.turn("v1", good()); });
    stage.configuration.timeouts.first_ready = seconds(20);
    const auto result = stage.start(StrategyKind::canary, "v2");
    CHECK(result.exit != ExitCode::done);
    REQUIRE(result.cause);
    CHECK_THAT(result.cause->headline, Contains("baseline"));
}

TEST_CASE("gates compare with the fresh pods, and with no others of stable's", "[engine]") {
    FreshStage stage;
    const auto plan = stage.draft(StrategyKind::canary, "v2").plan;
    std::set<std::string> stable;
    std::set<std::string> candidate;
    stage.cluster.watch([&](const World& world) {
        gates::Subjects subjects;
        engine::add_pods(subjects, plan, world, "25%");
        stable.insert(subjects.stable.begin(), subjects.stable.end());
        candidate.insert(subjects.candidate.begin(), subjects.candidate.end());
    });
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    CHECK(stable.size() == 1);
    CHECK(std::ranges::all_of(stable, [](const std::string& name) {
        return name.starts_with("web-baseline-");
    }));
    CHECK(candidate.size() > 3);
    CHECK(std::ranges::none_of(candidate, [](const std::string& name) {
        return name.starts_with("web-baseline-");
    }));
}

TEST_CASE("a plan with a fresh baseline is frozen as it is, one without as ever", "[engine]") {
    FreshStage stage;
    const auto plan = stage.draft(StrategyKind::canary, "v2").plan;
    const auto value = engine::to_value(plan);
    const auto read = engine::read_plan(value);
    CHECK(engine::to_value(read) == value);
    CHECK(engine::hash_of(read) == engine::hash_of(plan));
    CHECK(read.baseline == "web-baseline");
    CHECK(to_text(read.course.steps) == to_text(plan.course.steps));
    CHECK(engine::extra_pods(plan) == 4 + 1 + plan.scene.max_surge);
    const auto plain = Stage().draft(StrategyKind::canary, "v2").plan;
    CHECK_FALSE(engine::to_value(plain).has("/baseline"));
    CHECK_FALSE(engine::to_value(plain).has("/course/weights/0/baseline"));
}

TEST_CASE("the baseline's name may be nobody else's", "[engine]") {
    FreshStage stage;
    stage.cluster.add(a_deployment("web-baseline").replicas(1).image("x:1")).settle();
    const auto refusals = stage.draft(StrategyKind::canary, "v2").refusals;
    REQUIRE_FALSE(refusals.empty());
    CHECK_THAT(
        refusals.front(), Contains("Deployment/web-baseline exists and was not made by deployctl")
    );
}

TEST_CASE("a second rollout takes the tombstone of the baseline up again", "[engine]") {
    FreshStage stage;
    REQUIRE(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    const auto uid = stage.baseline().text("/metadata/uid");
    REQUIRE(stage.start(StrategyKind::canary, "v3").exit == ExitCode::done);
    CHECK(stage.baseline().text("/metadata/uid") == uid);
    CHECK(
        stage.baseline().text("/spec/template/spec/containers/0/image") == "registry/shop/web:v2"
    );
    CHECK(stage.end() == "registry/shop/web:v3 x4, candidate x0, app=web, baseline x0");
}

TEST_CASE(
    "a baseline that somebody deletes ends the rollout as a lost candidate does", "[engine]"
) {
    FreshStage stage;
    stage.clock.call_in(seconds(8), [&stage] {
        stage.cluster.erase(in_shop(Kind::deployment, "web-baseline"));
    });
    const auto result = stage.start(StrategyKind::canary, "v2");
    CHECK(result.exit != ExitCode::done);
    REQUIRE(result.cause);
    CHECK_THAT(result.cause->headline, Contains("Deployment/web-baseline was deleted"));
}

TEST_CASE(
    "killed at any write, a rollout with a fresh baseline ends as an undisturbed one",
    "[engine][crash]"
) {
    for (const auto fault : {Fault::crash_before, Fault::crash_after}) {
        for (int write = 2;; ++write) {
            CAPTURE(write, fault == Fault::crash_before);
            FreshStage stage;
            stage.faults.at_write(write, fault);
            if (!run_until_crash(stage)) {
                REQUIRE(write > 20);
                break;
            }
            REQUIRE(stage.resume().exit == ExitCode::done);
            REQUIRE(stage.end() == promoted);
        }
    }
}

TEST_CASE(
    "killed at any write, a fresh baseline is taken back from the cluster alone", "[engine][crash]"
) {
    for (int write = 12;; write += 3) {
        CAPTURE(write);
        FreshStage stage;
        stage.faults.at_write(write, Fault::crash_after);
        if (!run_until_crash(stage)) {
            REQUIRE(write > 20);
            break;
        }
        state::MemStore empty(stage.clock);
        const auto result = stage.roll_back_from_cluster(empty);
        const auto web = stage.cluster.object(in_shop(Kind::deployment, "web"));
        REQUIRE(result.rollout.state == RolloutState::rolled_back);
        REQUIRE(web.text("/spec/template/spec/containers/0/image") == "registry/shop/web:v1");
        stage.cluster.settle();
        REQUIRE(stage.baseline_pods() == 0);
    }
}
