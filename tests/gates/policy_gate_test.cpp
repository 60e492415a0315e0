// SPDX-License-Identifier: Apache-2.0
#include "gates/policy_gate.hpp"

#include "documents/json.hpp"
#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using Catch::Matchers::Contains;
using tests::GateBench;

namespace {

PolicyQuestion question() {
    PolicyQuestion question;
    question.policy = "policy";
    return question;
}

CommandResult exited(int code, std::string output, std::string error_output = "") {
    return {CommandResult::End::exited, code, std::move(output), std::move(error_output)};
}

const Value manifest = documents::read_json(R"({"apiVersion": "apps/v1", "kind": "Deployment",
  "spec": {"template": {"spec": {"containers": [{"name": "app", "image": "registry/shop/web:v2",
    "env": [{"name": "DB_PASSWORD", "value": "hunter2x"}, {"name": "N", "value": "3"}],
    "args": ["--token=abcdef"]}]}}}})");

Verdict judged(const CommandResult& result) {
    return gates::judge(question(), gates::HiddenTexts(manifest), result);
}

std::string denying(const std::vector<std::string>& messages) {
    Value::Array failures;
    for (const auto& message : messages) {
        failures.push_back(Value::map({{"msg", message}}));
    }
    return documents::write_json(Value::list({Value::map({{"failures", std::move(failures)}})}));
}

Verdict ask(GateBench& bench, const PolicyQuestion& question) {
    const auto gate = gates::make_gate(question, bench.sources());
    auto subjects = bench.subjects();
    subjects.workload = manifest;
    return simcluster::run(gate->sample(subjects));
}

}  // namespace

TEST_CASE("what a policy denies fails, in its own words", "[gates]") {
    const auto bad = judged(exited(1, denying({"no memory limit", "runs as root"})));
    CHECK(bad.answer == Answer::fail);
    CHECK(bad.measured == "2 denials");
    CHECK(bad.limit == "0 denials");
    CHECK(bad.reason == "no memory limit; runs as root");
    const auto good = judged(exited(0, R"([{"successes": 4, "warnings": [{"msg": "old"}],
        "exceptions": [{"msg": "known"}]}])"));
    CHECK(good.answer == Answer::pass);
    CHECK(good.measured == "0 denials");
    CHECK(good.reason == "1 warning: old; 1 exception by the policy itself");
}

TEST_CASE("however much is denied, what is told of it is bounded", "[gates]") {
    std::vector<std::string> many(1000, std::string(10'000, 'x'));
    const auto bad = judged(exited(1, denying(many)));
    CHECK(bad.measured == "1000 denials");
    CHECK(bad.reason.size() < 2000);
    CHECK_THAT(bad.reason, Contains("and 995 more"));
    CHECK(documents::write_json(bad.evidence).size() < 10'000);
}

TEST_CASE("a policy that has not been asked is an error, never a pass", "[gates]") {
    const CommandResult missing{CommandResult::End::not_started, 0, "", "no such program"};
    CHECK(judged(missing).answer == Answer::error);
    CHECK_THAT(judged(missing).reason, Contains("conftest must be installed"));
    CHECK(
        judged({CommandResult::End::timed_out, 0, "[{\"successes\":1}]", ""}).answer ==
        Answer::error
    );
    CHECK(
        judged({CommandResult::End::signalled, 9, "[{\"successes\":1}]", ""}).answer ==
        Answer::error
    );
    const auto none = judged(exited(1, "", "Error: no policies found in [policy]"));
    CHECK(none.answer == Answer::error);
    CHECK_THAT(none.reason, Contains("conftest of policy: ") && Contains("no policies found"));
    CHECK(judged(exited(0, R"([{"successes": 0}])")).answer == Answer::error);
    CHECK(judged(exited(0, "")).answer == Answer::error);
}

TEST_CASE("the manifest goes to standard input and nowhere else", "[gates]") {
    GateBench bench;
    bench.programs.on({"conftest", "test"}, R"([{"successes": 1}])");
    bench.programs.on({"conftest", "--version"}, "Conftest: 0.56.0\nOPA: 0.69.0\n");
    auto asked = question();
    asked.policy = "policies/${env}";
    asked.rego_package = "kubernetes";
    const auto verdict = ask(bench, asked);
    CHECK(verdict.answer == Answer::pass);
    CHECK(verdict.evidence.text("/version") == "Conftest: 0.56.0");
    CHECK(
        bench.programs.commands_text() ==
        "conftest test --output json --parser json --show-builtin-errors --namespace kubernetes "
        "--policy "
        "policies/production -\nconftest --version\n"
    );
    const auto& command = bench.programs.commands().front();
    CHECK(documents::read_json(command.input) == manifest);
    CHECK(command.environment.empty());
    CHECK(command.timeout == minutes(1));
    CHECK(documents::write_json(verdict.evidence).find("hunter2x") == std::string::npos);
}

TEST_CASE("opa is asked for the set of denials of a package", "[gates]") {
    GateBench bench;
    bench.programs.on({"opa", "eval"}, R"({"result": [{"expressions": [{"value": ["bad"]}]}]})");
    bench.programs.on({"opa", "version"}, "Version: 1.0.0\n");
    auto asked = question();
    asked.tool = PolicyTool::opa;
    const auto verdict = ask(bench, asked);
    CHECK(verdict.answer == Answer::fail);
    CHECK(verdict.reason == "bad");
    CHECK(
        bench.programs.commands_text() ==
        "opa eval --format json --strict-builtin-errors --stdin-input --data policy "
        "data.main.deny\nopa version\n"
    );
}

TEST_CASE("a message that quotes a secret of the manifest does not tell it", "[gates]") {
    const auto bad =
        judged(exited(1, denying({"DB_PASSWORD is hunter2x", "args [--token=abcdef]", "3 of 3"})));
    CHECK(bad.reason == "DB_PASSWORD is ***; args [***]; 3 of 3");
    CHECK(documents::write_json(bad.evidence).find("hunter2x") == std::string::npos);
    const auto broken = judged(exited(1, "", "Error: cannot read hunter2x"));
    CHECK_THAT(broken.reason, Contains("cannot read ***"));
}

TEST_CASE("a manifest that is not known is not judged", "[gates]") {
    GateBench bench;
    bench.programs.on({"conftest"}, R"([{"successes": 1}])");
    const auto verdict = bench.ask(question());
    CHECK(verdict.answer == Answer::error);
    CHECK(bench.programs.commands().empty());
}
