// SPDX-License-Identifier: Apache-2.0
// A gate about the workload as it will be, in a whole rollout: what it is told, and what is not
// written down of it.
#include "documents/json.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"
#include "tests/fakes/fake_process.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;
using Catch::Contains;

namespace {

const std::string container = "/spec/template/spec/containers/0";
const std::string last_applied =
    "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration";

struct Shop : Stage {
    Shop() {
        auto gate = gate_of("policy", "").value();
        std::get<PolicyQuestion>(gate.question).policy = "policy";
        configuration.gates = {{"rules", gate}};
        configuration.strategies.canary.gates = {"rules"};
        configuration.strategies.canary.steps = {{25, seconds(30)}};
        const auto password = Value::map({{"name", "DB_PASSWORD"}, {"value", "hunter2x"}});
        cluster.edit(in_shop(Kind::deployment, "web"), [&](Value& web) {
            web.set(container + "/env", Value::list({password}));
            web.set(last_applied, "{}");
        });
        cluster.settle();
    }

    engine::RunResult roll() { return start_with(programs, StrategyKind::canary, "v2"); }

    std::string told_of_gates() {
        std::string text;
        for (const auto& event : run(store.events(newest().id, 0))) {
            text += event.type + " " + documents::write_json(event.data) + "\n";
        }
        return text;
    }

    FakeProcess programs;
};

}  // namespace

TEST_CASE("a policy is told the workload with the pods of the next version", "[engine]") {
    Shop shop;
    shop.programs.on({"conftest"}, R"([{"successes": 1}])");
    CHECK(shop.roll().exit == ExitCode::done);
    REQUIRE_FALSE(shop.programs.commands().empty());
    const auto manifest = documents::read_json(shop.programs.commands().front().input);
    CHECK(manifest.text("/kind") == "Deployment");
    CHECK(manifest.text("/apiVersion") == "apps/v1");
    CHECK(manifest.text("/metadata/name") == "web");
    CHECK(manifest.text(container + "/image") == "registry/shop/web:v2");
    CHECK(manifest.text(container + "/env/0/value") == "hunter2x");
    CHECK_FALSE(manifest.has("/status"));
    CHECK_FALSE(manifest.has(last_applied));
    CHECK(shop.told_of_gates().find("hunter2x") == std::string::npos);
}

TEST_CASE("what a policy denies sends the version back, without the secret it quotes", "[engine]") {
    Shop shop;
    const std::string denial =
        R"([{"failures": [{"msg": "DB_PASSWORD stands in the manifest: hunter2x"}]}])";
    shop.programs.on({"conftest"}, CommandResult{CommandResult::End::exited, 1, denial, ""});
    const auto result = shop.roll();
    CHECK(result.exit == ExitCode::rolled_back);
    REQUIRE(result.cause);
    CHECK_THAT(
        result.cause->headline,
        Contains("1 denial > limit 0 denials") && Contains("stands in the manifest: ***")
    );
    CHECK(shop.told_of_gates().find("hunter2x") == std::string::npos);
    CHECK(shop.end_state() == "registry/shop/web:v1 x4, candidate x0, app=web");
}
