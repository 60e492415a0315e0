// SPDX-License-Identifier: Apache-2.0
#include "gates/exhaustion_gate.hpp"

#include "documents/json.hpp"
#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace deployctl;
using namespace deployctl::gates;
using Catch::Contains;

namespace {

using AnswerKind = MetricAnswer::Kind;

MetricSeries rising(const std::string& pod, double from, double a_second, int points = 60) {
    MetricSeries series{{{"pod", pod}}, {}};
    for (int i = 0; i < points; ++i) {
        series.points.push_back({WallTime(seconds(15 * i)), from + a_second * 15 * i});
    }
    return series;
}

ExhaustionSample sample_of(std::vector<MetricSeries> series) {
    return {"memory", {AnswerKind::series, std::move(series), "", {}}, {}};
}

ExhaustionQuestion question() {
    ExhaustionQuestion question;
    question.query = "memory";
    question.limit = 512;
    question.warm_up = {};
    return question;
}

}  // namespace

TEST_CASE("the pod that reaches its limit first decides", "[gates]") {
    const auto verdict =
        judge(question(), sample_of({rising("a", 100, 0.001), rising("b", 100, 0.3)}));
    CHECK(verdict.answer == Answer::fail);
    CHECK_THAT(verdict.measured, Contains("pod b: ") && Contains("the limit is reached in"));
    CHECK(verdict.limit == "not within 15m");
    CHECK(verdict.evidence.text("/pod") == "b");
    CHECK(documents::write_json(verdict.evidence).size() < 10'000);
}

TEST_CASE("what takes longer, or falls, passes", "[gates]") {
    CHECK(judge(question(), sample_of({rising("a", 100, 0.01)})).answer == Answer::pass);
    CHECK(judge(question(), sample_of({rising("a", 400, -1)})).answer == Answer::pass);
}

TEST_CASE("what rises only while it warms up passes", "[gates]") {
    auto series = rising("a", 0, 1, 20);
    for (int i = 20; i < 60; ++i) {
        series.points.push_back({WallTime(seconds(15 * i)), 300});
    }
    auto asked = question();
    asked.warm_up = minutes(5);
    CHECK(judge(asked, sample_of({series})).answer == Answer::pass);
}

TEST_CASE("limits may be asked for, of each pod", "[gates]") {
    auto asked = question();
    asked.limit.reset();
    asked.limit_query = "limits";
    auto sample = sample_of({rising("a", 100, 0.3), rising("b", 100, 0.3)});
    sample.limits.series = {
        {{{"pod", "a"}}, {{WallTime(), 5000}}}, {{{"pod", "b"}}, {{WallTime(), 400}}}
    };
    CHECK_THAT(judge(asked, sample).measured, Contains("pod b: "));
    CHECK(judge(asked, sample).answer == Answer::fail);
    sample.limits.series.pop_back();
    CHECK(judge(asked, sample).answer == Answer::error);
    CHECK_THAT(judge(asked, sample).reason, Contains("no number for pod `b`"));
    sample.limits = {AnswerKind::failed, {}, "refused", {}};
    CHECK_THAT(judge(asked, sample).reason, Contains("limits: refused"));
}

TEST_CASE("few samples, NaN and nobody's answer prove nothing", "[gates]") {
    CHECK(judge(question(), sample_of({rising("a", 1, 0, 5)})).answer == Answer::inconclusive);
    const auto nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(judge(question(), sample_of({rising("a", nan, 0)})).answer == Answer::inconclusive);
    CHECK(judge(question(), sample_of({})).answer == Answer::error);
    const std::vector<MetricSeries> many(101, rising("a", 1, 0));
    CHECK_THAT(judge(question(), sample_of(many)).reason, Contains("101 series"));
}

TEST_CASE(
    "a look asks for the time since the step began, in a bounded number of points", "[gates]"
) {
    tests::GateBench bench;
    MetricRange asked;
    bench.metrics.answer_ranges([&](const std::string&, const MetricRange& range) {
        asked = range;
        return MetricAnswer{AnswerKind::series, {rising("a", 1, 0)}, "", {}};
    });
    auto about = question();
    SECTION("a short step") {
        bench.clock.advance(minutes(5));
        CHECK(bench.ask(about).answer == Answer::pass);
        CHECK(asked.to - asked.from == minutes(5));
        CHECK(asked.step == seconds(15));
    }
    SECTION("a long one") {
        bench.clock.advance(std::chrono::hours(30));
        bench.ask(about);
        CHECK(asked.to - asked.from == std::chrono::hours(1));
        CHECK(asked.step == seconds(30));
    }
    SECTION("as told") {
        about.window = std::chrono::hours(200);
        bench.ask(about);
        CHECK((asked.to - asked.from) / asked.step <= 120);
    }
}

TEST_CASE("two limits of one pod are asked about, never guessed", "[gates]") {
    auto asked = question();
    asked.limit = std::nullopt;
    asked.limit_query = "limits";
    auto sample = sample_of({rising("a", 100, 0.01)});
    const auto limit = [](const std::string& container, double value) {
        return MetricSeries{{{"pod", "a"}, {"container", container}}, {{WallTime(), value}}};
    };
    sample.limits = {AnswerKind::series, {limit("app", 512)}, "", {}};
    CHECK(judge(asked, sample).answer == Answer::pass);
    sample.limits.series.push_back(limit("proxy", 128));
    const auto verdict = judge(asked, sample);
    CHECK(verdict.answer == Answer::error);
    CHECK_THAT(verdict.reason, Contains("several limits of pod `a`"));
}
