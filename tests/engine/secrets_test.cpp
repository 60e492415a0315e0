// SPDX-License-Identifier: Apache-2.0
// What is written on the machine of whoever deploys: no value that the application gets.
#include "documents/json.hpp"
#include "engine/plan_json.hpp"
#include "model/error.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

namespace {

const std::string container = "/spec/template/spec/containers/0";

engine::PlanRequest request_of(Stage& stage) {
    engine::PlanRequest request;
    request.configuration = stage.configuration;
    request.strategy = StrategyKind::canary;
    request.tag = "v2";
    request.target = {"web", "", "shop", run(stage.cluster.identify()).uid};
    return request;
}

Value web_of(Stage& stage) {
    return stage.cluster.object(in_shop(Kind::deployment, "web"));
}

}  // namespace

TEST_CASE("the plan in the journal has no variable, argument or kept manifest", "[engine]") {
    Stage stage;
    const auto url = Value::map({{"name", "DATABASE_URL"}, {"value", "postgres://u:hunter1@db"}});
    stage.cluster.edit(in_shop(Kind::deployment, "web"), [&](Value& web) {
        web.set(container + "/env", Value::list({url}));
        web.set(container + "/args", Value::list({"--password=hunter1"}));
        web.set(container + "/command", Value::list({"run", "hunter1"}));
        web.set(
            "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration", "hunter1"
        );
    });
    stage.cluster.settle();
    auto request = request_of(stage);
    request.pod_template = web_of(stage).at("/spec/template");
    request.pod_template->set("/spec/containers/0/env/0/value", "postgres://u:hunter2@db");
    request.pod_template->set("/spec/containers/0/args/0", "--password=hunter2");
    const auto plan = engine::make_plan(run(stage.cluster.look()), request).plan;
    CHECK(documents::write_json(engine::to_value(plan)).find("hunter2") != std::string::npos);
    CHECK(
        documents::write_json(engine::without_literals(plan)).find("hunter") == std::string::npos
    );
    CHECK(plan.release.changes.size() == 3);
}

TEST_CASE("what is hidden in the journal's plan is found again in the workload", "[engine]") {
    Stage stage;
    stage.cluster.edit(in_shop(Kind::deployment, "web"), [&](Value& web) {
        const auto mode = Value::map({{"name", "MODE"}, {"value", "hunter1"}});
        web.set(container + "/env", Value::list({mode}));
        web.set(container + "/args", Value::list({"--password", "hunter1"}));
        web.set(
            "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration", "hunter1"
        );
    });
    stage.cluster.settle();
    const auto plan = engine::make_plan(run(stage.cluster.look()), request_of(stage)).plan;
    const auto journalled = engine::read_plan(engine::without_literals(plan));
    REQUIRE(engine::hash_of(journalled) != engine::hash_of(plan));
    const auto found = engine::with_literals(journalled, web_of(stage));
    CHECK(engine::hash_of(found) == engine::hash_of(plan));
    const auto without = engine::with_literals(journalled, Value());
    CHECK(engine::hash_of(without) == engine::hash_of(journalled));
}

TEST_CASE("manifests that do not have the container are refused, and theirs named", "[engine]") {
    Stage stage;
    auto request = request_of(stage);
    request.pod_template = web_of(stage).at("/spec/template");
    request.pod_template->set("/spec/containers/0/name", "server");
    const auto world = run(stage.cluster.look());
    try {
        engine::make_plan(world, request);
        FAIL("not refused");
    } catch (const Error& error) {
        CHECK(error.exit() == ExitCode::usage);
        CHECK(std::string(error.what()) == "the manifests of Deployment/web have no container web");
        CHECK(error.help().ends_with("there are server"));
    }
}
