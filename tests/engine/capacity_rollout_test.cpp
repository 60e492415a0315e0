// SPDX-License-Identifier: Apache-2.0
// A gate about room, in a whole rollout: asked before anything is changed.
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;
using Catch::Contains;

namespace {

struct Shop : Stage {
    /// Two nodes for so many pods each: the Stage's four are on them already.
    explicit Shop(int pods_each) {
        configuration.gates["room"] = gate_of("capacity", "").value();
        environment.preflight = {"room"};
        for (const auto* name : {"node-1", "node-2"}) {
            auto node = Value::map({{"kind", "Node"}});
            node.set("/metadata/name", name);
            node.set("/status/allocatable/pods", std::to_string(pods_each));
            node.set(
                "/status/conditions",
                Value::list({Value::map({{"type", "Ready"}, {"status", "True"}})})
            );
            cluster.add(node);
        }
    }
};

}  // namespace

TEST_CASE("a rollout for whose pods there is room goes on", "[engine]") {
    Shop shop(5);  // four and one for the surge, beside four
    CHECK(shop.start(StrategyKind::blue_green, "v2").exit == ExitCode::done);
}

TEST_CASE("a rollout for whose pods there is none ends before it changes anything", "[engine]") {
    Shop shop(4);
    shop.cluster.forget_writes();
    const auto result = shop.start(StrategyKind::blue_green, "v2");
    CHECK(result.exit != ExitCode::done);
    REQUIRE(result.cause);
    CHECK_THAT(
        result.cause->headline,
        Contains("the nodes have room for 4 such pods, 2 of 2 nodes may take them")
    );
    CHECK(shop.cluster.writes_text().find("Deployment") == std::string::npos);
    CHECK(shop.end_state() == "registry/shop/web:v1 x4, app=web");
}
