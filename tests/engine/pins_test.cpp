// SPDX-License-Identifier: Apache-2.0
// What a lost rollout has left in a selector is not its owner's.
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::tests;

TEST_CASE("a Service that still has a pin is nobody's baseline", "[engine]") {
    struct Pin {
        std::string key;
        std::string value;
        std::string pointer;
    };

    const std::vector<Pin> pins{
        {"pod-template-hash", "5d4f", "/spec/selector/pod-template-hash"},
        {"deployctl.dev/track", "canary", "/spec/selector/deployctl.dev~1track"},
    };
    for (const auto& pin : pins) {
        CAPTURE(pin.key);
        Stage stage;
        stage.cluster.edit(in_shop(Kind::service, "web"), [&](Value& service) {
            service.set("/spec/selector", to_value(Labels{{"app", "web"}, {pin.key, pin.value}}));
        });
        const auto refusals = stage.draft(StrategyKind::canary, "v2").refusals;
        REQUIRE(refusals.size() == 1);
        CHECK_THAT(
            refusals.front(),
            Catch::StartsWith("Service/web still has a pin") &&
                Catch::Contains("--from-cluster --app web -n shop") && Catch::Contains(pin.pointer)
        );
    }
}

TEST_CASE("a preview Service, a track of one's own and other workloads are no pins", "[engine]") {
    Stage stage;
    CHECK(stage.start(StrategyKind::blue_green, "v2").exit == ExitCode::done);
    stage.cluster.add(a_service("other").selecting({{"app", "api"}, {"pod-template-hash", "1"}}));
    CHECK(stage.draft(StrategyKind::canary, "v3").refusals.empty());
    stage.cluster.erase(in_shop(Kind::deployment, "web"));
    stage.cluster.erase(in_shop(Kind::service, "web"));
    stage.cluster.add(a_deployment("web").replicas(4).label("deployctl.dev/track", "stable"))
        .add(a_service("web").also_selecting("deployctl.dev/track", "stable"))
        .settle();
    CHECK(stage.draft(StrategyKind::canary, "v3").refusals.empty());
}
