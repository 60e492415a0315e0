// SPDX-License-Identifier: Apache-2.0
#include "gates/readiness_gate.hpp"

#include "documents/json.hpp"
#include "tests/gates/a_paper.hpp"
#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using tests::GateBench;
using tests::paper::digest;
using tests::paper::names;
using tests::paper::now;

namespace {

ReadinessQuestion question() {
    ReadinessQuestion question;
    question.report = "readiness.json";
    question.min_score = 85;
    return question;
}

std::string report(
    const std::string& score, const std::string& findings = "", const std::string& more = ""
) {
    return R"({"v": 1, "assessed_at": "2026-11-29T20:00:00Z", "coverage": 0.99, "score": )" +
           score + R"(, "findings": [)" + findings + "]" + more + "}";
}

std::string finding(const std::string& severity, const std::string& more = "") {
    return R"({"rule": "DR-04", "severity": ")" + severity +
           R"(", "text": "restore not tested for 82 days")" + more + "}";
}

Verdict judged(const std::string& text, const ReadinessQuestion& asked = question()) {
    const FileAnswer file{FileAnswer::Kind::read, text, now, ""};
    return gates::judge(asked, file, names, now);
}

}  // namespace

TEST_CASE("a score passes by the low end of its interval", "[gates]") {
    const auto good = judged(report(R"({"low": 88.5, "high": 93.25})"));
    CHECK(good.answer == Answer::pass);
    CHECK(good.measured == "88.5 to 93.2");
    CHECK(good.limit == "at least 85, nothing critical");
    CHECK(good.reason == "readiness.json");
    CHECK(good.evidence.real("/low") == 88.5);
    CHECK(judged(report("85")).answer == Answer::pass);
    CHECK(judged(report("85")).measured == "85");
    CHECK(judged(report("84.999")).answer == Answer::fail);
    CHECK(judged(report(R"({"low": 84, "high": 100})")).answer == Answer::fail);
}

TEST_CASE("a finding of a named severity fails at any score", "[gates]") {
    const auto bad = judged(report("99", finding("high") + "," + finding("critical")));
    CHECK(bad.answer == Answer::fail);
    CHECK(bad.measured == "99, 1 finding of these severities");
    CHECK(bad.reason == "readiness.json: DR-04 (critical) restore not tested for 82 days");
    CHECK(judged(report("99", finding("high") + "," + finding("low"))).answer == Answer::pass);
    CHECK(judged(report("99", finding("critical", R"(, "waived": true)"))).answer == Answer::pass);
    CHECK(judged(report("99", finding("critical", R"(, "waived": false)"))).answer == Answer::fail);
    auto strict = question();
    strict.fail_on = {FindingSeverity::low};
    CHECK(judged(report("99", finding("low")), strict).answer == Answer::fail);
    strict.fail_on = {};
    CHECK(judged(report("99", finding("critical")), strict).answer == Answer::pass);
    CHECK(judged(report("99"), strict).limit == "at least 85");
}

TEST_CASE(
    "an assessment that is too old, of tomorrow, or of too few files is an error", "[gates]"
) {
    auto asked = question();
    asked.max_age = 4h;
    CHECK(judged(report("99"), asked).answer == Answer::pass);
    asked.max_age = 4h - 1s;
    const auto old = judged(report("99"), asked);
    CHECK(old.answer == Answer::error);
    CHECK_THAT(old.reason, Contains("it is 4h00m old, at most 3h59m59s will do"));
    const FileAnswer early{FileAnswer::Kind::read, report("99"), now, ""};
    CHECK(gates::judge(question(), early, names, now - 5h).answer == Answer::error);
    auto text = report("99");
    text.replace(text.find("0.99"), 4, "0.94");
    const auto few = judged(text);
    CHECK(few.answer == Answer::error);
    CHECK_THAT(few.reason, Contains("it has read 94% of the files, at least 95% are needed"));
}

TEST_CASE("an assessment of something else fails", "[gates]") {
    CHECK(
        judged(report("99", "", R"(, "app": "web", "env": "production", "version": "v2")"))
            .answer == Answer::pass
    );
    CHECK(judged(report("99", "", R"(, "digest": ")" + digest + "\"")).answer == Answer::pass);
    const auto other = judged(report("99", "", R"(, "version": "v1")"));
    CHECK(other.answer == Answer::fail);
    CHECK(other.measured == "v1");
    CHECK(other.limit == "v2");
    CHECK_THAT(other.reason, Contains("is about another version"));
    CHECK(judged(report("99", "", R"(, "env": "staging")")).answer == Answer::fail);
    CHECK(judged(report("99", "", R"(, "digest": "sha256:0")")).answer == Answer::fail);
    CHECK(judged(report("99", "", R"(, "app": ["web"])")).answer == Answer::fail);
}

TEST_CASE("a report that cannot be understood is an error, and never a pass", "[gates]") {
    const std::string deep = std::string(10'000, '[') + std::string(10'000, ']');
    for (const auto& text : std::vector<std::string>{
             "",
             "[]",
             "null",
             "{}",
             deep,
             report("99").substr(0, 80),
             R"({"v": 2, "assessed_at": "2026-11-29T20:00:00Z", "coverage": 1, "score": 99, "findings": []})",
             R"({"v": 1, "assessed_at": "yesterday", "coverage": 1, "score": 99, "findings": []})",
             R"({"v": 1, "coverage": 1, "score": 99, "findings": []})",
             R"({"v": 1, "assessed_at": "2026-11-29T20:00:00Z", "score": 99, "findings": []})",
             R"({"v": 1, "assessed_at": "2026-11-29T20:00:00Z", "coverage": 1, "score": 99})",
             report("null"),
             report("\"99\""),
             report("101"),
             report("-1"),
             report("1e999"),
             report("NaN"),
             report("true"),
             report("{}"),
             report(R"({"low": 99})"),
             report(R"({"low": 99, "high": 90})"),
             report("99", finding("terrible")),
             report("99", finding("CRITICAL")),
             report("99", "7"),
             report("99", R"({"severity": "low"})"),
             report("99", finding("critical", R"(, "waived": "yes")")),
         }) {
        CAPTURE(text.substr(0, 200));
        const auto verdict = judged(text);
        CHECK(verdict.answer == Answer::error);
        CHECK_THAT(verdict.reason, Contains("readiness.json"));
        CHECK(verdict.reason.size() < 300);
    }
}

TEST_CASE("what the report says blocks fails at any score and severity", "[gates]") {
    const auto bad = judged(report("99", finding("low", R"(, "blocker": true)")));
    CHECK(bad.answer == Answer::fail);
    CHECK(bad.measured == "99, 1 finding of these severities or that block");
    CHECK_THAT(bad.reason, Contains("DR-04 (low, blocks) restore not tested"));
    const auto waived = R"(, "blocker": true, "waived": true)";
    CHECK(judged(report("99", finding("low", waived))).answer == Answer::pass);
    CHECK(judged(report("99", finding("low", R"(, "blocker": false)"))).answer == Answer::pass);
    const auto odd = judged(report("99", finding("low", R"(, "blocker": "no")")));
    CHECK(odd.answer == Answer::error);
    CHECK_THAT(odd.reason, Contains("`blocker` of DR-04 is neither true nor false"));
}

TEST_CASE("the checks that failed are kept with the verdict, each once", "[gates]") {
    const auto verdict = judged(report("99", finding("low") + "," + finding("medium")));
    CHECK(verdict.evidence.at("/failed_rules") == Value::list({"DR-04"}));
}

TEST_CASE("a report of very many findings is told in a few", "[gates]") {
    std::string many;
    for (int i = 0; i < 3000; ++i) {
        many += (i == 0 ? "" : ",") +
                std::string(R"({"rule": "R\u001b", "severity": "critical", "text": ")") +
                std::string(500, 'x') + "\"}";
    }
    const auto bad = judged(report("99", many));
    CHECK(bad.answer == Answer::fail);
    CHECK_THAT(bad.measured, Contains("3000 findings"));
    CHECK(bad.reason.size() < 1000);
    CHECK(bad.reason.find('\x1b') == std::string::npos);
    CHECK(documents::write_json(bad.evidence).size() < 500);
}

TEST_CASE("the report is read where its name with the version in it says", "[gates]") {
    GateBench bench;
    auto asked = question();
    asked.report = "reports/${app}-${version}.json";
    asked.max_age = 100'000h;
    const auto missing = bench.ask(asked);
    CHECK(missing.answer == Answer::error);
    CHECK_THAT(missing.reason, Contains("reports/web-v2.json cannot be read"));
    const auto at = to_rfc3339(bench.clock.now());
    auto text = report("99");
    text.replace(text.find("2026-11-29T20:00:00Z"), 20, at);
    bench.files.has("reports/web-v2.json", text);
    CHECK(bench.ask(asked).answer == Answer::pass);
}

namespace {

std::string report_of_now(const GateBench& bench, const std::string& score) {
    auto text = report(score);
    return text.replace(text.find("2026-11-29T20:00:00Z"), 20, to_rfc3339(bench.clock.now()));
}

ReadinessQuestion own_assessment() {
    ReadinessQuestion asked;
    asked.assess = "services/web";
    asked.min_score = 80;
    asked.max_drop = 2;
    return asked;
}

/// A rollout of v1 that was let in with this verdict.
void let_v1_in(GateBench& bench, const Verdict& verdict) {
    using enum RolloutState;
    NewRollout made;
    made.record.id = "one";
    made.record.target = {"web", "production", "shop", "uid"};
    made.record.next_version = "v1";
    simcluster::run(bench.journal.begin(made));
    GateEvaluated evaluated;
    evaluated.gate = "readiness";
    evaluated.verdict = verdict;
    const std::vector<Entry> entries{
        StateChanged{pending, running, Direction::forward, "", {}},
        evaluated,
        StateChanged{running, promoted, Direction::forward, "", ExitCode::done},
    };
    simcluster::run(bench.journal.append("one", 1, entries));
}

}  // namespace

TEST_CASE("without a report the app is assessed now, for the environment it goes to", "[gates]") {
    GateBench bench;
    bench.assessor.answer = {report_of_now(bench, R"({"low": 82, "high": 90})"), ""};
    const auto good = bench.ask(own_assessment());
    CHECK(good.answer == Answer::pass);
    CHECK(good.reason == "assessed services/web; what stands has no score to compare with");
    REQUIRE(bench.assessor.asked.size() == 1);
    CHECK(bench.assessor.asked.front().folder == "services/web");
    CHECK(bench.assessor.asked.front().environment == "production");
    auto here = own_assessment();
    here.assess.clear();
    CHECK(bench.ask(here).reason.starts_with("assessed .;"));
    CHECK(bench.assessor.asked.back().folder == ".");
    bench.assessor.answer = {"", "no such folder"};
    const auto none = bench.ask(own_assessment());
    CHECK(none.answer == Answer::error);
    CHECK_THAT(none.reason, Contains("assessed services/web cannot be read: no such folder"));
}

TEST_CASE("a score may not lie further below that of what stands than is allowed", "[gates]") {
    GateBench bench;
    bench.assessor.answer = {report_of_now(bench, "91"), ""};
    let_v1_in(bench, bench.ask(own_assessment()));
    bench.assessor.answer = {report_of_now(bench, "89"), ""};
    CHECK(bench.ask(own_assessment()).answer == Answer::pass);
    bench.assessor.answer = {report_of_now(bench, "88.9"), ""};
    const auto bad = bench.ask(own_assessment());
    CHECK(bad.answer == Answer::fail);
    CHECK(bad.limit == "at least 80, nothing critical, at most 2 below what stands");
    CHECK(bad.reason == "assessed services/web; 2.1 below the 91 of v1 of rollout 1");
    auto elsewhere = own_assessment();
    elsewhere.assess = "services/api";
    CHECK_THAT(bench.ask(elsewhere).reason, Contains("no score to compare with"));
    auto careless = own_assessment();
    careless.max_drop.reset();
    CHECK(bench.ask(careless).answer == Answer::pass);
}
