// SPDX-License-Identifier: Apache-2.0
#include "engine/preflight.hpp"

#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

namespace {

engine::PreflightResult preflight_of(Stage& stage, StrategyKind strategy) {
    const auto draft = stage.draft(strategy, "v2");
    return run(engine::preflight(stage.cluster, draft.plan));
}

void add_quota(Stage& stage, const char* hard, const char* used) {
    auto quota = Value::map({{"kind", "ResourceQuota"}});
    quota.set("/metadata/name", "team");
    quota.set("/metadata/namespace", "shop");
    quota.set("/status/hard/pods", hard);
    quota.set("/status/used/pods", used);
    stage.cluster.add(quota);
}

}  // namespace

TEST_CASE("every permission that is missing is named at once", "[engine]") {
    Stage stage;
    stage.cluster.forbid("patch", "deployments");
    stage.cluster.forbid("create", "leases");
    const auto found = preflight_of(stage, StrategyKind::rolling);
    CHECK(
        found.refusals ==
        std::vector<std::string>{
            "no permission to patch deployments.apps in namespace shop: a Role has to grant it",
            "no permission to create leases.coordination.k8s.io in namespace shop: a Role has to "
            "grant it",
        }
    );
}

TEST_CASE("gates that ask nobody in the cluster need no way to pods", "[engine]") {
    Stage stage;
    stage.cluster.forbid("get", "pods/proxy");
    auto plan = stage.draft(StrategyKind::rolling, "v2").plan;
    plan.version_probe.reset();
    plan.gates.clear();
    for (const auto* type : {"metric", "command", "alerts", "tcp", "grpc"}) {
        plan.gates[type] = gate_of(type, "").value();
    }
    CHECK(run(engine::preflight(stage.cluster, plan)).refusals.empty());
    plan.gates["http"] = gate_of("http", "").value();
    CHECK(run(engine::preflight(stage.cluster, plan)).refusals.size() == 1);
}

TEST_CASE(
    "a quota without room for the candidate is a refusal, for rolling it is none", "[engine]"
) {
    Stage stage;
    add_quota(stage, "7", "4");
    CHECK(
        preflight_of(stage, StrategyKind::blue_green).refusals ==
        std::vector<std::string>{
            "ResourceQuota/team leaves room for 3 pods, the rollout needs 5 more at its peak"
        }
    );
    CHECK(preflight_of(stage, StrategyKind::rolling).refusals.empty());
}

TEST_CASE("who may not see quotas is warned, not refused", "[engine]") {
    Stage stage;
    add_quota(stage, "7", "4");
    stage.cluster.forbid("list", "resourcequotas");
    const auto found = preflight_of(stage, StrategyKind::blue_green);
    CHECK(found.refusals.empty());
    CHECK(
        found.warnings ==
        std::vector<std::string>{"no permission to list resourcequotas in namespace shop: whether "
                                 "there is room for 5 more pods is not known"}
    );
}

TEST_CASE("a quota in another notation is left to the API server", "[engine]") {
    Stage stage;
    add_quota(stage, "1k", "4");
    CHECK(preflight_of(stage, StrategyKind::blue_green).refusals.empty());
}

TEST_CASE(
    "an app that was renamed takes its workload over, once the old one has ended", "[engine]"
) {
    Stage stage;
    stage.interrupts.send_at(stage.clock.elapsed() + seconds(14), Interrupt::hold);
    CHECK(stage.start(StrategyKind::canary, "v2").rollout.state == RolloutState::paused);
    const auto preflight = [&stage] {
        auto plan = stage.draft(StrategyKind::rolling, "v3").plan;
        plan.target.app = "shop-web";
        return run(engine::preflight(stage.cluster, plan));
    };
    const auto refused = preflight();
    REQUIRE(refused.refusals.size() == 1);
    CHECK_THAT(
        refused.refusals.front(),
        Catch::StartsWith("Deployment/web belongs to the app web, whose rollout ") &&
            Catch::Contains("(paused) on laptop has not ended; end it first")
    );
    CHECK(stage.turn_back(RequestKind::abort).exit == ExitCode::done);
    const auto taken_over = preflight();
    CHECK(taken_over.refusals.empty());
    REQUIRE_FALSE(taken_over.warnings.empty());
    CHECK(
        taken_over.warnings.front() ==
        "Deployment/web is taken over from the app web, which has no rollout under way"
    );
}

TEST_CASE("the surge of stable's own update counts at the peak", "[engine]") {
    for (const auto& [strategy, extra] :
         {std::pair(StrategyKind::rolling, 1),
          std::pair(StrategyKind::canary, 5),
          std::pair(StrategyKind::blue_green, 5)}) {
        CAPTURE(to_text(strategy));
        for (const int room : {extra - 1, extra}) {
            Stage stage;
            add_quota(stage, std::to_string(4 + room).c_str(), "4");
            CHECK(preflight_of(stage, strategy).refusals.empty() == (room == extra));
        }
    }
}

TEST_CASE(
    "who may not see autoscalers is refused where sizes are written, and warned of the rest",
    "[engine]"
) {
    Stage stage;
    for (const auto* plural : {"horizontalpodautoscalers", "poddisruptionbudgets", "events"}) {
        stage.cluster.forbid("list", plural);
    }
    const auto found = preflight_of(stage, StrategyKind::canary);
    CHECK(
        found.refusals ==
        std::vector<std::string>{
            "no permission to list horizontalpodautoscalers.autoscaling in namespace shop, so one "
            "that would undo the sizes of the rollout is not seen: a Role has to grant it"
        }
    );
    CHECK(
        found.warnings ==
        std::vector<std::string>{
            "no permission to list poddisruptionbudgets.policy in namespace shop: a budget that "
            "cannot be met is not seen",
            "no permission to list events in namespace shop: why a pod does not start is told in "
            "fewer words",
        }
    );
    CHECK(preflight_of(stage, StrategyKind::rolling).refusals.empty());
}
