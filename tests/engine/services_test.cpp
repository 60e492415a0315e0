// SPDX-License-Identifier: Apache-2.0
// Services that are not the rollout's alone, and what is left of an older candidate.
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;
using Catch::Contains;

namespace {

const auto canary = in_shop(Kind::deployment, "web-canary");
const auto preview = in_shop(Kind::service, "web-preview");

Value a_worker() {
    return a_deployment("worker")
        .replicas(1)
        .set("/spec/selector/matchLabels", Value::map({{"app", "worker"}}))
        .set("/spec/template/metadata/labels", Value::map({{"app", "worker"}, {"tier", "back"}}));
}

}  // namespace

TEST_CASE("a Service that others share is not pinned: refused, and rolling goes", "[engine]") {
    Stage stage;
    stage.cluster.edit(in_shop(Kind::deployment, "web"), [](Value& object) {
        object.set("/spec/template/metadata/labels/tier", "back");
    });
    stage.cluster.edit(in_shop(Kind::service, "web"), [](Value& object) {
        object.set("/spec/selector", Value::map({{"tier", "back"}}));
    });
    stage.cluster.settle();
    CHECK(stage.draft(StrategyKind::blue_green, "v2").refusals.empty());
    stage.cluster.add(a_worker()).settle();
    for (const auto strategy : {StrategyKind::canary, StrategyKind::blue_green}) {
        const auto refusals = stage.draft(strategy, "v2").refusals;
        REQUIRE(refusals.size() == 1);
        CHECK_THAT(
            refusals.front(),
            Contains("Service/web also has pods that are not of Deployment/web (worker-") &&
                Contains("deployctl rollout rolling")
        );
    }
    CHECK(stage.draft(StrategyKind::rolling, "v2").refusals.empty());
}

TEST_CASE("a foreign Service of the preview's name is not taken over", "[engine]") {
    Stage stage;
    stage.cluster.add(a_service("web-preview").selecting({{"app", "shopwindow"}}));
    const auto refusals = stage.draft(StrategyKind::blue_green, "v2").refusals;
    REQUIRE(refusals.size() == 1);
    CHECK_THAT(
        refusals.front(),
        Contains("Service/web-preview exists") && Contains("strategies.blue-green.preview_service")
    );
    CHECK(stage.draft(StrategyKind::canary, "v2").refusals.empty());
}

TEST_CASE("a configured preview Service is borrowed, and given back at either end", "[engine]") {
    for (const bool is_good : {true, false}) {
        CAPTURE(is_good);
        Stage stage;
        stage.configuration.strategies.blue_green.preview_service = "web-preview";
        stage.configuration.strategies.blue_green.warm_up = seconds(30);
        stage.cluster.add(a_service("web-preview").selecting({{"app", "web"}})).settle();
        if (!is_good) {
            stage.cluster.behave("v2", failing_requests(0.5));
        }
        const auto before = stage.cluster.object(preview).at("/spec");
        bool was_pointed = false;
        stage.cluster.watch([&](const World& world) {
            const auto* service = find_service(world, "web-preview");
            was_pointed = was_pointed || service->selector.contains("deployctl.dev/track");
        });
        const auto result = stage.start(StrategyKind::blue_green, "v2");
        CHECK(result.exit == (is_good ? ExitCode::done : ExitCode::rolled_back));
        CHECK(was_pointed);
        CHECK(stage.cluster.object(preview).at("/spec") == before);
        CHECK(stage.draft(StrategyKind::blue_green, "v3").refusals.empty());
    }
}

TEST_CASE("pods that an older candidate has left get no template and no traffic", "[engine]") {
    Stage stage;
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    stage.cluster.edit(canary, [](Value& object) {
        object.set("/spec/replicas", 2);
        object.set("/spec/minReadySeconds", 7);
    });
    stage.cluster.settle();
    int most = 0;
    bool is_inert = false;
    stage.cluster.watch([&](const World& world) {
        const auto* candidate = find_workload(world, "web-canary");
        is_inert = is_inert || candidate->replicas == 0;
        const auto pods = all_pods_of(world, *candidate);
        const auto next = std::ranges::count_if(pods, [](const Pod* pod) {
            return !pod->containers.empty() && pod->containers.front().image.ends_with(":v3");
        });
        most = is_inert ? most : std::max(most, static_cast<int>(next));
    });
    CHECK(stage.draft(StrategyKind::canary, "v3").refusals.empty());
    CHECK(stage.start(StrategyKind::canary, "v3").exit == ExitCode::done);
    CHECK(is_inert);
    CHECK(most == 0);
    CHECK(stage.cluster.object(canary).number("/spec/minReadySeconds") == 0);
    CHECK(stage.end_state() == "registry/shop/web:v3 x4, candidate x0, app=web");
}
