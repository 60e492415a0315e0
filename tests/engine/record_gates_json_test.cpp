// SPDX-License-Identifier: Apache-2.0
// Gates that ask what was written down before, in a plan: frozen as they are, and looked at before
// the rollout begins.
#include "engine/gate_preflight.hpp"
#include "engine/gate_subjects.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/frozen_gates.hpp"
#include "tests/engine/stage.hpp"
#include "tests/fakes/fake_files.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using tests::frozen;
using tests::Stage;

TEST_CASE("what gates ask of what was written down is frozen as it is", "[engine]") {
    const auto check = [](const GateQuestion& question) {
        const auto gate = tests::gate_of(question);
        CHECK(frozen(gate) == gate);
    };
    check(SoakQuestion{"staging", 90min});
    check(DependencyQuestion{"payments", "${env}", "2.3.0"});
    check(DependencyQuestion{"payments", "production", "", "main", "sha256:1"});
    check(ReadinessQuestion{
        "r.json", "", 91.25, {FindingSeverity::critical, FindingSeverity::low}, 90min, 2.5
    });
    check(ReadinessQuestion{"", "services/web", 80, {}, 1h, std::nullopt});
    check(BackupAgeQuestion{"b/*.dump", "", 90min});
    check(BackupAgeQuestion{"", "db-backup", 24h});
    check(PerformanceQuestion{"r.json", 50ms, std::nullopt, 1s, 0.5, "b.json", 0.25, 90min});
    check(CapacityQuestion{25});
    for (const auto* type :
         {"soak", "dependency", "readiness", "backup-age", "performance", "capacity"}) {
        const auto plain = deployctl::gate_of(type, "").value();
        CHECK(frozen(plain) == plain);
        CHECK(asks_outside(plain.question));
        CHECK_FALSE(asks_metrics(plain.question));
        CHECK_FALSE(asks_about_pods(plain.question));
        CHECK_FALSE(needs_traffic(plain.question));
    }
}

TEST_CASE(
    "reports and backups that are not there yet are warned of, each by its name", "[engine]"
) {
    Stage stage;
    tests::FakeFiles files;
    auto plan = stage.draft(StrategyKind::rolling, "v2").plan;
    plan.gates = {
        {"backup", tests::gate_of(BackupAgeQuestion{"b/*.dump", "", 1h})},
        {"job", tests::gate_of(BackupAgeQuestion{"", "db-backup", 1h})},
        {"load", tests::gate_of(PerformanceQuestion{.report = "load.json", .baseline = "old.json"})
        },
        {"ready", tests::gate_of(ReadinessQuestion{"${version}.json", ""})},
        {"soak", tests::gate_of(SoakQuestion{"staging", 1h})},
    };
    const auto warnings = simcluster::run(engine::preflight_reports(&files, plan)).warnings;
    REQUIRE(warnings.size() == 3);
    CHECK_THAT(warnings[0], Contains("gate `backup`: no backup is found at b/*.dump yet"));
    CHECK_THAT(warnings[1], Contains("gate `load`: its report load.json cannot be read yet"));
    CHECK_THAT(warnings[2], Contains("gate `ready`: its report v2.json cannot be read yet"));
    files.has("b/1.dump", "x").has("load.json", "{}").has("v2.json", "{}");
    const auto rest = simcluster::run(engine::preflight_reports(&files, plan)).warnings;
    REQUIRE(rest.size() == 1);
    CHECK_THAT(rest[0], Contains("gate `load`: its baseline old.json cannot be read yet"));
    files.has("old.json", "{}");
    CHECK(simcluster::run(engine::preflight_reports(&files, plan)).warnings.empty());
}

TEST_CASE(
    "a gate on a CronJob needs permission to look at it, one that only tells does not", "[engine]"
) {
    Stage stage;
    stage.cluster.forbid("get", "cronjobs");
    auto plan = stage.draft(StrategyKind::rolling, "v2").plan;
    plan.gates = {{"files", tests::gate_of(BackupAgeQuestion{"b/*.dump", "", 1h})}};
    CHECK(simcluster::run(engine::preflight(stage.cluster, plan)).refusals.empty());
    plan.gates["job"] = tests::gate_of(BackupAgeQuestion{"", "db-backup", 1h});
    CHECK(
        simcluster::run(engine::preflight(stage.cluster, plan)).refusals ==
        std::vector<std::string>{
            "no permission to get cronjobs.batch in namespace shop: a Role has to grant it"
        }
    );
    plan.gates["job"].policy.dry_run = true;
    CHECK(simcluster::run(engine::preflight(stage.cluster, plan)).refusals.empty());
}

TEST_CASE(
    "a capacity gate needs to see the whole cluster, one that only tells does not", "[engine]"
) {
    Stage stage;
    stage.cluster.forbid("list", "nodes");
    stage.cluster.forbid("list", "pods everywhere");
    auto plan = stage.draft(StrategyKind::rolling, "v2").plan;
    CHECK(simcluster::run(engine::preflight(stage.cluster, plan)).refusals.empty());
    plan.gates = {{"room", tests::gate_of(CapacityQuestion{})}};
    const auto refusals = simcluster::run(engine::preflight(stage.cluster, plan)).refusals;
    REQUIRE(refusals.size() == 2);
    CHECK(
        refusals[0] ==
        "no permission to list nodes of the whole cluster: a ClusterRole has to grant it (kubectl "
        "create clusterrole deployctl-nodes --verb=list --resource=nodes, then a "
        "clusterrolebinding)"
    );
    CHECK_THAT(refusals[1], Contains("no permission to list pods of the whole cluster"));
    plan.gates["room"].policy.dry_run = true;
    CHECK(simcluster::run(engine::preflight(stage.cluster, plan)).refusals.empty());
}

TEST_CASE("a capacity gate is asked about what the plan adds at its peak", "[engine]") {
    Stage stage;
    const auto rolling = stage.draft(StrategyKind::rolling, "v2").plan;
    CHECK(engine::subjects_always(rolling).extra_pods == rolling.scene.max_surge);
    const auto blue_green = stage.draft(StrategyKind::blue_green, "v2").plan;
    CHECK(
        engine::subjects_always(blue_green).extra_pods ==
        blue_green.scene.replicas + blue_green.scene.max_surge
    );
}
