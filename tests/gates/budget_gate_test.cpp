// SPDX-License-Identifier: Apache-2.0
#include "gates/budget_gate.hpp"

#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace deployctl;
using namespace deployctl::gates;
using Catch::Contains;

namespace {

using AnswerKind = MetricAnswer::Kind;

/// Failed requests a million in each window, by its seconds.
struct Traffic {
    Traffic() {
        bench.metrics.answer([this](const std::string& query) {
            MetricAnswer answer{AnswerKind::series, {}, "", {}};
            const auto open = query.rfind('[');
            const auto span = query.substr(open + 1, query.rfind('s') - open - 1);
            const bool is_bad = query.find("bad") != std::string::npos;
            const double count = is_bad ? failed[span] : requests;
            if (!is_bad || count != 0) {
                answer.series.push_back({{}, {{WallTime(), count}}});
            }
            return is_down ? MetricAnswer{AnswerKind::failed, {}, "connection refused", {}}
                           : answer;
        });
    }

    tests::GateBench bench;
    std::map<std::string, double> failed;
    double requests = 1'000'000;
    bool is_down = false;
    SloQuestion slo{"bad{}", "all{}", 99.9};
    ErrorBudgetQuestion budget{"bad{}", "all{}", 99.9};
};

}  // namespace

TEST_CASE("a budget that burns in both windows of a pair fails", "[gates]") {
    Traffic service;
    CHECK(service.bench.ask(service.slo).answer == Answer::pass);
    service.failed = {{"3600", 20'000}, {"300", 1'000}, {"21600", 5'000}, {"1800", 100}};
    CHECK(service.bench.ask(service.slo).answer == Answer::pass);
    service.failed["300"] = 15'000;
    const auto verdict = service.bench.ask(service.slo);
    CHECK(verdict.answer == Answer::fail);
    CHECK_THAT(verdict.measured, Contains("20x over 1h and 15x over 5m"));
    CHECK(verdict.reason == "objective 99.9%");
    CHECK(verdict.evidence.real("/windows/0/long/errors") == 20'000);
}

TEST_CASE("one error of few requests burns any budget, and proves nothing", "[gates]") {
    Traffic service;
    service.requests = 60;
    service.failed = {{"3600", 1}, {"300", 1}, {"21600", 1}, {"1800", 1}};
    CHECK(service.bench.ask(service.slo).answer == Answer::inconclusive);
    service.failed = {{"3600", 6}, {"300", 6}, {"21600", 6}, {"1800", 6}};
    CHECK(service.bench.ask(service.slo).answer == Answer::fail);
}

TEST_CASE("what is left of a budget decides", "[gates]") {
    Traffic service;
    CHECK(service.bench.ask(service.budget).answer == Answer::pass);
    service.failed = {{"2592000", 880}};
    CHECK(service.bench.ask(service.budget).answer == Answer::pass);
    service.failed = {{"2592000", 950}};
    const auto verdict = service.bench.ask(service.budget);
    CHECK(verdict.answer == Answer::fail);
    CHECK(verdict.measured == "5% of the error budget is left");
    CHECK(verdict.limit == "at least 10%");
    CHECK_THAT(verdict.reason, Contains("950 of 1000000 (0.095%) requests failed over 720h"));
}

TEST_CASE("without requests, numbers or an answer no budget passes", "[gates]") {
    Traffic service;
    const GateQuestion asked = GENERATE(values<GateQuestion>(
        {SloQuestion{"bad{}", "all{}", 99.9}, ErrorBudgetQuestion{"bad{}", "all{}", 99.9}}
    ));
    SECTION("none") {
        service.requests = 0;
        CHECK(service.bench.ask(asked).answer == Answer::inconclusive);
    }
    SECTION("no number") {
        service.requests = GENERATE(
            std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), -1.0
        );
        CHECK(service.bench.ask(asked).answer == Answer::error);
    }
    SECTION("nobody") {
        service.is_down = true;
        const auto verdict = service.bench.ask(asked);
        CHECK(verdict.answer == Answer::error);
        CHECK_THAT(verdict.reason, Contains("connection refused"));
    }
}
