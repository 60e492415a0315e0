// SPDX-License-Identifier: Apache-2.0
#include "engine/estimate.hpp"

#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using engine::Estimate;
using engine::estimate_of;
using tests::Stage;

namespace {

Plan plan_of_four() {
    Plan plan;
    plan.scene.replicas = 4;
    plan.scene.max_surge = 1;
    return plan;
}

Estimate estimate(const Plan& plan, std::vector<Action> actions) {
    std::vector<Step> steps;
    for (auto& action : actions) {
        steps.push_back({"stage", std::move(action), {}});
    }
    return estimate_of(plan, steps);
}

}  // namespace

TEST_CASE(
    "an estimate adds up holds, drains, gates and pods, and writes take no time", "[engine]"
) {
    auto plan = plan_of_four();
    plan.gates["health"].policy.every = seconds(10);
    plan.gates["health"].policy.pass_after = 3;
    const auto sum = estimate(
        plan,
        {RecordSnapshot{},
         Scale{Slot::candidate, 2},
         AwaitReady{Slot::candidate, 2},
         Hold{minutes(10)},
         PassGates{{"health", "unknown"}},
         Hold{minutes(5)},
         Drain{seconds(5)},
         RetireCandidate{}}
    );
    CHECK(sum == Estimate{minutes(15), seconds(5), seconds(20), seconds(3)});
    CHECK(sum.total() == minutes(15) + seconds(28));
}

TEST_CASE("pods take as long as their probes and minReadySeconds say", "[engine]") {
    auto plan = plan_of_four();
    auto container = Value::map({{"name", "web"}});
    container.set("/startupProbe/initialDelaySeconds", 5);
    container.set("/readinessProbe/initialDelaySeconds", 20);
    plan.release.pod_template.set("/spec/containers", Value::Array{Value::map({}), container});
    plan.snapshot.workload.set("/spec/minReadySeconds", 10);
    CHECK(estimate(plan, {AwaitReady{Slot::candidate, 1}}).pods == seconds(38));
    CHECK(estimate(plan, {AwaitReady{Slot::candidate, 0}}).pods == seconds(0));
}

TEST_CASE(
    "stable's pods are replaced in as many waves as surge and unavailability allow", "[engine]"
) {
    auto plan = plan_of_four();
    const std::vector<Action> actions{WriteTemplate{Version::next}, AwaitReady{Slot::stable}};
    CHECK(estimate(plan, actions).pods == 4 * seconds(3));
    plan.scene.max_surge = 2;
    plan.scene.max_unavailable = 1;
    CHECK(estimate(plan, actions).pods == 2 * seconds(3));
    CHECK(estimate(plan, {AwaitReady{Slot::stable, 4}}).pods == seconds(3));
}

TEST_CASE("on the simulated cluster a rollout takes about as long as estimated", "[engine]") {
    const auto strategy =
        GENERATE(StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling);
    Stage stage;
    const auto plan = stage.draft(strategy, "v2").plan;
    const auto estimated = estimate_of(plan, plan.course.steps).total();
    const auto begun = stage.clock.elapsed();
    CHECK(stage.start(strategy, "v2").exit == ExitCode::done);
    const auto took = stage.clock.elapsed() - begun;
    INFO(to_text(strategy) << " " << to_text(estimated) << " estimated, took " << to_text(took));
    CHECK(took > estimated * 6 / 10);
    CHECK(took < estimated * 14 / 10);
}
