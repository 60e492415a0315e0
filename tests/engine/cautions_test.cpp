// SPDX-License-Identifier: Apache-2.0
#include "engine/cautions.hpp"

#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

const auto web = in_shop(Kind::deployment, "web");
constexpr auto container = "/spec/template/spec/containers/0";

/// Four pods that have a readiness probe and, as usual, 30 s to stop.
struct Careful : Stage {
    Careful() { set(std::string(container) + "/readinessProbe/httpGet/path", "/healthz"); }

    void set(const std::string& pointer, const Value& value) {
        cluster.edit(web, [&](Value& object) { object.set(pointer, value); });
        cluster.settle();
    }

    std::vector<std::string> warnings() { return draft(StrategyKind::canary, "v2").warnings; }
};

}  // namespace

TEST_CASE("nothing is said of pods that get ready and stop as they should", "[engine]") {
    Careful stage;
    stage.cluster.add(a_disruption_budget("web", 4));
    stage.cluster.add(a_disruption_budget("other", 40));
    CHECK(stage.warnings().empty());
}

TEST_CASE(
    "a container without a readiness probe is named, if a Service sends it requests", "[engine]"
) {
    Stage stage;
    CHECK(
        stage.draft(StrategyKind::canary, "v2").warnings ==
        std::vector<std::string>{"container web has no readiness probe: its Services send it "
                                 "requests before it is ready"}
    );
    stage.cluster.erase(in_shop(Kind::service, "web"));
    CHECK(stage.draft(StrategyKind::canary, "v2").warnings.empty());
}

TEST_CASE("pods that are killed at once are named, unless a hook delays it", "[engine]") {
    Careful stage;
    stage.set("/spec/template/spec/terminationGracePeriodSeconds", 0);
    REQUIRE(stage.warnings().size() == 1);
    CHECK(stage.warnings().front().starts_with("pods of web have no time to stop"));
    stage.set(std::string(container) + "/lifecycle/preStop/sleep/seconds", 5);
    CHECK(stage.warnings().empty());
}

TEST_CASE("a budget that the planned pods cannot meet is named with both numbers", "[engine]") {
    Careful stage;
    stage.cluster.add(a_disruption_budget("web", 5));
    CHECK(
        stage.warnings() ==
        std::vector<std::string>{
            "PodDisruptionBudget/web wants 5 available pods of web, which is planned with 4: it "
            "cannot be met, and none of them can be evicted"
        }
    );
    stage.cluster.edit(in_shop(Kind::disruption_budget, "web"), [](Value& budget) {
        budget.set("/spec/minAvailable", "100%");
    });
    stage.cluster.settle();
    CHECK(stage.warnings().empty());
}
