// SPDX-License-Identifier: Apache-2.0
#include "gates/command_gate.hpp"

#include "documents/json.hpp"
#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Matchers::Contains;
using tests::GateBench;

namespace {

CommandQuestion smoke() {
    CommandQuestion question;
    question.run = {"./smoke.sh", "--to=${version}", "${env}"};
    return question;
}

CommandResult exited(int code, std::string output = "", std::string error_output = "") {
    return {CommandResult::End::exited, code, std::move(output), std::move(error_output)};
}

Verdict judged(const CommandResult& result) {
    return gates::judge(smoke(), result);
}

}  // namespace

TEST_CASE("the exit code is the verdict", "[gates]") {
    CHECK(judged(exited(0)).answer == Answer::pass);
    CHECK(judged(exited(75)).answer == Answer::inconclusive);
    for (const int code : {1, 2, 22, 99, 127, 255}) {
        CHECK(judged(exited(code)).answer == Answer::fail);
    }
    const auto bad = judged(exited(1, "checking\n", "starting\ncart is empty\n\n"));
    CHECK(bad.measured == "exit code 1");
    CHECK(bad.limit == "exit code 0");
    CHECK(bad.reason == "cart is empty");
    CHECK(bad.evidence.text("/output") == "checking\n");
}

TEST_CASE("what did not run to its end says nothing of the version", "[gates]") {
    CHECK(judged({CommandResult::End::signalled, 9, "", ""}).answer == Answer::error);
    CHECK_THAT(judged({CommandResult::End::timed_out, 15, "", ""}).measured, Contains("1m"));
    CHECK(judged({CommandResult::End::timed_out, 0, "", ""}).answer == Answer::error);
    const auto missing = judged({CommandResult::End::not_started, 0, "", "no such program"});
    CHECK(missing.answer == Answer::error);
    CHECK_THAT(missing.measured, Contains("no such program"));
}

TEST_CASE("a JSON verdict wins over the exit code, with its numbers", "[gates]") {
    const auto bad = judged(exited(
        0,
        "log line\n{\"verdict\":\"fail\",\"measured\":\"3 of "
        "40\",\"limit\":\"1\",\"reason\":\"slow\"}\n"
    ));
    CHECK(bad.answer == Answer::fail);
    CHECK(bad.measured == "3 of 40");
    CHECK(bad.limit == "1");
    CHECK(bad.reason == "slow");
    CHECK(judged(exited(1, "{\n \"verdict\": \"pass\"\n}\n")).answer == Answer::pass);
    CHECK(judged(exited(0, "{\"verdict\":\"inconclusive\"}")).answer == Answer::inconclusive);
    CHECK(judged(exited(0, "{\"verdict\":\"error\"}")).answer == Answer::error);
}

TEST_CASE("numbers and booleans beside a verdict are as good as texts", "[gates]") {
    const auto bad =
        judged(exited(0, "{\"verdict\":\"fail\",\"measured\":7,\"limit\":2.5,\"reason\":true}"));
    CHECK(bad.measured == "7");
    CHECK(bad.limit == "2.5");
    CHECK(bad.reason == "true");
    const auto other =
        judged(exited(0, "{\"verdict\":\"fail\",\"measured\":[7],\"limit\":{},\"reason\":null}"));
    CHECK(other.measured == "exit code 0");
    CHECK(other.limit.empty());
    CHECK(other.reason.empty());
}

TEST_CASE("a verdict that nobody can read is an error, never a pass", "[gates]") {
    CHECK(judged(exited(0, "{\"verdict\":\"PASSED\"}")).answer == Answer::error);
    CHECK(judged(exited(0, "{\"verdict\":true}")).answer == Answer::error);
    // No verdict of ours: the exit code counts.
    CHECK(judged(exited(0, "{\"status\":\"fail\"}")).answer == Answer::pass);
    CHECK(judged(exited(1, "{\"verdict\":")).answer == Answer::fail);
    CHECK(judged(exited(0, std::string(100'000, '['))).answer == Answer::pass);
}

TEST_CASE("what it prints is bounded in the evidence", "[gates]") {
    const auto told = judged(exited(1, std::string(1'000'000, 'x'), std::string(1'000'000, 'y')));
    CHECK(told.evidence.text("/output").size() <= 4096);
    CHECK(told.evidence.text("/error_output").size() <= 4096);
    CHECK(told.reason.size() <= 300);
}

TEST_CASE("it gets its names in argv and in the environment", "[gates]") {
    GateBench bench;
    bench.programs.on({"./smoke.sh"}, "");
    CHECK(bench.ask(smoke()).answer == Answer::pass);
    REQUIRE(bench.programs.commands().size() == 1);
    const auto& command = bench.programs.commands().front();
    CHECK(command.argv == std::vector<std::string>{"./smoke.sh", "--to=v2", "production"});
    CHECK(command.environment.at("DEPLOYCTL_VERSION") == "v2");
    CHECK(command.environment.at("DEPLOYCTL_PREVIOUS_VERSION") == "v1");
    CHECK(command.environment.at("DEPLOYCTL_PODS") == "web-canary-a");
    CHECK(command.timeout == minutes(1));
}

TEST_CASE("a script that is not the plan's is not run", "[gates]") {
    GateBench bench;
    bench.programs.on({"./smoke.sh"}, "");
    bench.files.has("./smoke.sh", "exit 0");
    auto question = smoke();
    question.script_hash = documents::sha256_hex("exit 0");
    CHECK(bench.ask(question).answer == Answer::pass);
    bench.files.has("./smoke.sh", "exit 0 # now");
    CHECK(bench.ask(question).answer == Answer::error);
    CHECK_THAT(bench.ask(question).reason, Contains("not what it was"));
    bench.files.lose("./smoke.sh");
    CHECK_THAT(bench.ask(question).reason, Contains("cannot be read"));
    CHECK(bench.programs.commands().size() == 1);
}

TEST_CASE("what was to be a verdict, and is none, passes by no exit code", "[gates]") {
    const auto* printed = GENERATE(
        "{\"verdict\":\"fail\",}",
        "{\"Verdict\":\"fail\"}",
        "[{\"verdict\":\"fail\"}]",
        "{\"verdict\":\"fail\"}\ndone\n"
    );
    const auto verdict = judged(exited(0, printed));
    CAPTURE(printed);
    CHECK(verdict.answer == Answer::error);
    CHECK_THAT(verdict.reason, Contains("not as one JSON object"));
    CHECK(judged(exited(1, printed)).answer == Answer::fail);
}
