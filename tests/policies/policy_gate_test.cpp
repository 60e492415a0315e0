// SPDX-License-Identifier: Apache-2.0
// Against the real opa and conftest: run by policies_test.py, which finds them.
#include "gates/policy_gate.hpp"

#include "documents/json.hpp"
#include "plugins/process/boost_process.hpp"
#include "tests/gates/gate_bench.hpp"
#include "tests/plugins/given.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Matchers::Contains;
using tests::given;

namespace {

/// With this for `resources`, and a literal variable of this name.
Value manifest(const std::string& resources, const std::string& variable = "LEVEL") {
    return documents::read_json(
        R"({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec":
            {"template": {"spec": {"containers": [{"name": "app", "resources": )" +
        resources + R"(, "env": [{"name": ")" + variable + R"(", "value": "hunter2<\"x\">"}]}]}}}})"
    );
}

const Value good = manifest(R"({"limits": {"memory": "64Mi"}})");

struct Asked {
    tests::GateBench bench;
    plugins::BoostProcess process;

    Verdict ask(PolicyTool tool, const std::string& policy, const Value& workload) {
        PolicyQuestion question;
        question.tool = tool;
        question.policy = given("DEPLOYCTL_TEST_POLICIES") + "/" + policy;
        auto sources = gates::Sources{
            bench.cluster,
            bench.journal,
            bench.clock,
            {bench.metrics,
             bench.web,
             process,
             bench.files,
             bench.images,
             bench.assessor,
             bench.tasks},
            {}
        };
        const auto gate = gates::make_gate(question, sources);
        auto subjects = bench.subjects();
        subjects.workload = workload;
        return simcluster::run(gate->sample(subjects));
    }
};

}  // namespace

TEST_CASE("a real tool lets pass what no rule denies", "[policies]") {
    const auto tool = GENERATE(PolicyTool::opa, PolicyTool::conftest);
    Asked asked;
    const auto verdict = asked.ask(tool, "good.rego", good);
    INFO(verdict.reason);
    CHECK(verdict.answer == Answer::pass);
    CHECK(verdict.measured == "0 denials");
    CHECK_FALSE(verdict.evidence.text("/version").empty());
}

TEST_CASE("a real tool's denial fails, in the policy's words", "[policies]") {
    const auto tool = GENERATE(PolicyTool::opa, PolicyTool::conftest);
    Asked asked;
    const auto verdict = asked.ask(tool, "good.rego", manifest("{}"));
    CHECK(verdict.answer == Answer::fail);
    CHECK(verdict.measured == "1 denial");
    CHECK(verdict.reason == "container app has no limit of memory");
}

TEST_CASE("a denial that a real tool makes of a secret does not tell it", "[policies]") {
    const auto tool = GENERATE(PolicyTool::opa, PolicyTool::conftest);
    Asked asked;
    const auto verdict =
        asked.ask(tool, "good.rego", manifest(R"({"limits": {"memory": "1Gi"}})", "DB_PASSWORD"));
    CHECK(verdict.answer == Answer::fail);
    CHECK_THAT(verdict.reason, Contains("DB_PASSWORD is a literal: ") && Contains("***"));
    CHECK_THAT(documents::write_json(verdict.evidence), !Contains("hunter2"));
}

TEST_CASE("a policy that is no Rego, or is not there, is an error", "[policies]") {
    const auto tool = GENERATE(PolicyTool::opa, PolicyTool::conftest);
    Asked asked;
    const auto broken = asked.ask(tool, "broken.rego", good);
    INFO(broken.reason);
    CHECK(broken.answer == Answer::error);
    CHECK_THAT(broken.reason, Contains("broken.rego"));
    CHECK_THAT(broken.reason, Contains(tool == PolicyTool::opa ? "line 4: " : "broken.rego:4: "));
    CHECK(asked.ask(tool, "none.rego", good).answer == Answer::error);
}

TEST_CASE("a tool that is not installed is an error that names it", "[policies][missing]") {
    Asked asked;
    const auto opa = asked.ask(PolicyTool::opa, "good.rego", good);
    CHECK(opa.answer == Answer::error);
    CHECK_THAT(opa.reason, Contains("opa must be installed"));
    const auto conftest = asked.ask(PolicyTool::conftest, "good.rego", good);
    CHECK(conftest.answer == Answer::error);
    CHECK_THAT(conftest.reason, Contains("conftest must be installed"));
}
