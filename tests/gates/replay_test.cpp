// SPDX-License-Identifier: Apache-2.0
#include "gates/replay.hpp"

#include "documents/json.hpp"
#include "gates/alerts_gate.hpp"
#include "gates/budget_gate.hpp"
#include "gates/exhaustion_gate.hpp"
#include "gates/http_gate.hpp"
#include "gates/mann_whitney_gate.hpp"
#include "gates/metric_gate.hpp"
#include "gates/scan_gate.hpp"
#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::gates;
using Catch::Contains;

namespace {

using AnswerKind = MetricAnswer::Kind;

/// As the journal keeps it.
Verdict stored(Verdict verdict) {
    verdict.evidence = documents::read_json(documents::write_json(verdict.evidence));
    return verdict;
}

Replay replay(const GateQuestion& question, const Verdict& recorded) {
    return VerdictReplay(question).take(stored(recorded));
}

void check_same(const GateQuestion& question, const Verdict& recorded) {
    const auto again = replay(question, recorded);
    INFO(recorded.measured << " " << again.why_not);
    REQUIRE(again.verdict);
    CHECK(again.verdict->answer == recorded.answer);
    CHECK(again.verdict->measured == recorded.measured);
    CHECK(again.verdict->limit == recorded.limit);
}

MetricAnswer number(double value) {
    return {AnswerKind::series, {{{{"job", "web"}}, {{WallTime(), value}}}}, "", {}};
}

MetricSeries rising(const std::string& labels, double from, double a_second) {
    MetricSeries series{{{"pod", labels}, {"path", labels}}, {}};
    for (int i = 0; i < 60; ++i) {
        series.points.push_back(
            {WallTime(seconds(15 * i) + milliseconds(123)), from + a_second * 15 * i}
        );
    }
    return series;
}

MetricAnswer series(std::vector<MetricSeries> all) {
    return {AnswerKind::series, std::move(all), "", {}};
}

}  // namespace

TEST_CASE("one number is judged anew, against limits and against stable's", "[gates]") {
    MetricQuestion question{"errors", 0.05, std::nullopt, 0.0001};
    const double value = GENERATE(0.0123456, 0.0124561, 0.06);
    check_same(question, judge(question, {"errors", number(value), number(0.0123499)}));
}

TEST_CASE("a number that was kept as text only is not judged anew", "[gates]") {
    const MetricQuestion question{"errors", 0.05, std::nullopt, std::nullopt};
    auto recorded = judge(question, {"errors", number(0.01)});
    recorded.evidence.erase("/series/0/number");
    const auto again = replay(question, recorded);
    CHECK_FALSE(again.verdict);
    CHECK(again.why_not == "what it was judged by was not stored");
}

TEST_CASE("requests to pods are judged anew", "[gates]") {
    HttpQuestion question;
    question.max_errors = 0.4;
    const int bad = GENERATE(0, 1, 2, 3);
    std::vector<PodAnswer> answers(3, {200, "ok", "", {}});
    for (int i = 0; i < bad; ++i) {
        answers[static_cast<std::size_t>(i)].status = 500;
    }
    check_same(question, judge(question, answers));
}

TEST_CASE("versions that pods have told are judged anew", "[gates]") {
    const VersionProbe probe{8080, "/version", "$"};
    const auto* const other = GENERATE("v1", "v2");
    const auto recorded = judge(probe, "v2", {{200, "v2", "", {}}, {200, other, "", {}}});
    const auto again = VerdictReplay(std::string("v2")).take(stored(recorded));
    REQUIRE(again.verdict);
    CHECK(again.verdict->answer == recorded.answer);
}

TEST_CASE("gauges on their way to a limit are judged anew", "[gates]") {
    ExhaustionQuestion question;
    question.query = "memory";
    question.limit = 512;
    question.warm_up = {};
    const double slope = GENERATE(0.001, 0.35, 0.36, 0.37);
    const auto answer = series({rising("a", 100, 0), rising("b", 100, slope)});
    check_same(question, judge(question, {"memory", answer, {}}));
}

TEST_CASE(
    "a score of many metrics is judged anew by the worst and the others' classes", "[gates]"
) {
    MannWhitneyQuestion question;
    question.query = "latency";
    question.warm_up = {};
    const int bad = GENERATE(0, 1, 2, 3);
    std::vector<MetricSeries> canary;
    std::vector<MetricSeries> stable;
    for (int i = 0; i < 4; ++i) {
        const auto path = "/" + std::to_string(i);
        canary.push_back(rising(path, i < bad ? 900 : 100, 0.01));
        stable.push_back(rising(path, 100, 0.01));
    }
    check_same(question, judge(question, SeriesPair{"latency", series(canary), series(stable)}));
}

TEST_CASE("budgets are judged anew", "[gates]") {
    const double failed = GENERATE(0.0, 5'000.0, 20'000.0);
    const analysis::Counts counts{1e6, failed};
    const SloQuestion slo{"bad", "all", 99.9};
    check_same(slo, judge(slo, {{counts, counts}, {counts, counts}}));
    const ErrorBudgetQuestion budget{"bad", "all", 99.9};
    check_same(budget, judge(budget, counts));
}

TEST_CASE("alerts and reports are judged anew", "[gates]") {
    const bool is_bad = GENERATE(true, false);
    FiringAlerts firing{"service=\"web\""};
    if (is_bad) {
        firing.alerts = {{"HighErrors", ""}, {"Slow", ""}};
    }
    check_same(AlertsQuestion{}, judge(firing));
    ScanQuestion scan;
    scan.file = "report.json";
    scan.any_digest = true;
    const std::string found =
        is_bad ? R"({"VulnerabilityID": "CVE-1", "PkgName": "p", "Severity": "HIGH"})" : "";
    const WallTime now(std::chrono::hours(24 * 20'000));
    const FileAnswer report{
        FileAnswer::Kind::read,
        R"({"SchemaVersion": 2, "ArtifactName": "web", "Results": [{"Class": "os-pkgs", )"
        R"("Vulnerabilities": [)" +
            found + "]}]}",
        now,
        ""
    };
    const auto recorded = judge(scan, {report, std::nullopt}, "web:v2", now);
    REQUIRE(recorded.answer == (is_bad ? Answer::fail : Answer::pass));
    check_same(scan, recorded);
}

TEST_CASE("whose word it is, is said where nothing is computed", "[gates]") {
    const Verdict passed{Answer::pass, "", "", "", {}};
    CHECK(replay(CommandQuestion{}, passed).why_not == "as the program said; not computed here");
    CHECK_THAT(replay(PolicyQuestion{}, passed).why_not, Contains("as conftest said"));
    CHECK_THAT(replay(TcpQuestion{"db:5432"}, passed).why_not, Contains("as db:5432 said"));
    const Verdict silent{Answer::error, "connection refused", "", "", {}};
    CHECK_THAT(replay(MetricQuestion{}, silent).why_not, Contains("nobody could answer"));
    CHECK_THAT(replay(AnalysisQuestion{}, passed).why_not, Contains("nothing was counted"));
}

namespace {

/// Counters of one pod a side, looked at again and again.
struct Traffic {
    Traffic() {
        question.errors = "bad{${pods}}";
        question.total = "all{${pods}}";
        question.buckets = "slow{${pods}}";
        question.edges = {0.5};
        question.warm_up = {};
        bench.metrics.answer([this](const std::string& query) { return answer(query); });
        gate = make_gate(question, bench.sources());
    }

    MetricAnswer answer(const std::string& query) const {
        auto told = series({});
        for (const auto& [pod, count] : counts) {
            if (query.starts_with("slow")) {
                told.series.push_back({{{"pod", pod}, {"le", "0.5"}}, {{{}, count.requests / 2}}});
                told.series.push_back({{{"pod", pod}, {"le", "+Inf"}}, {{{}, count.requests}}});
            } else {
                const double value = query.starts_with("bad") ? count.events : count.requests;
                told.series.push_back({{{"pod", pod}}, {{{}, value}}});
            }
        }
        return told;
    }

    Verdict look(double canary_errors) {
        counts["web-canary-a"] += {100, canary_errors};
        counts["web-1"] += {900, 4};
        return simcluster::run(gate->sample(bench.subjects()));
    }

    tests::GateBench bench;
    AnalysisQuestion question;
    std::map<std::string, analysis::Counts> counts;
    std::unique_ptr<Gate> gate;
};

}  // namespace

TEST_CASE("a test over many looks is judged anew look by look", "[gates]") {
    Traffic traffic;
    VerdictReplay replaying(traffic.question);
    Verdict recorded;
    for (int look = 0; look < 40 && recorded.answer != Answer::fail; ++look) {
        recorded = traffic.look(3);
        const auto again = replaying.take(stored(recorded));
        REQUIRE(again.verdict);
        CHECK(again.verdict->answer == recorded.answer);
        CHECK(again.verdict->measured == recorded.measured);
        CHECK(again.verdict->reason == recorded.reason);
    }
    CHECK(recorded.answer == Answer::fail);
}

TEST_CASE("counts that were changed come to another verdict", "[gates]") {
    Traffic traffic;
    VerdictReplay replaying(traffic.question);
    Replay again;
    Verdict recorded;
    while (recorded.answer != Answer::fail) {
        recorded = traffic.look(8);
        auto changed = stored(recorded);
        changed.evidence.set("/canary/events", 0);
        again = replaying.take(changed);
    }
    REQUIRE(again.verdict);
    CHECK(again.verdict->answer != Answer::fail);
}
