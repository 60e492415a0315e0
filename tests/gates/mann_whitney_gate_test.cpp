// SPDX-License-Identifier: Apache-2.0
#include "gates/mann_whitney_gate.hpp"

#include "documents/json.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace deployctl;
using namespace deployctl::gates;
using Catch::Contains;

namespace {

using AnswerKind = MetricAnswer::Kind;

MetricSeries around(
    const std::string& path, const std::string& pod, double level, int points = 30
) {
    MetricSeries series{{{"path", path}, {"pod", pod}}, {}};
    for (int i = 0; i < points; ++i) {
        const double wave = (i * 7) % 11;
        series.points.push_back({WallTime(minutes(i)), level + wave});
    }
    return series;
}

MetricAnswer answer(std::vector<MetricSeries> series) {
    return {AnswerKind::series, std::move(series), "", {}};
}

MannWhitneyQuestion question() {
    MannWhitneyQuestion question;
    question.query = "latency";
    question.warm_up = {};
    return question;
}

}  // namespace

TEST_CASE("a series that went up fails, unless only down is bad", "[gates]") {
    const SeriesPair pair{
        "latency", answer({around("/", "c", 200)}), answer({around("/", "s", 100)})
    };
    const auto verdict = judge(question(), pair);
    CHECK(verdict.answer == Answer::fail);
    CHECK(verdict.measured == "{path=/} High, score 0");
    CHECK(verdict.limit == "score 75");
    CHECK_THAT(verdict.reason, Contains("shift 100"));
    CHECK(documents::write_json(verdict.evidence).size() < 10'000);
    auto only_down = question();
    only_down.direction = SeriesDirection::decrease;
    CHECK(judge(only_down, pair).answer == Answer::pass);
    CHECK(judge(question(), pair).evidence == verdict.evidence);
}

TEST_CASE("the score of several series has its margin", "[gates]") {
    std::vector<MetricSeries> canary;
    std::vector<MetricSeries> stable;
    const int bad = GENERATE(0, 1, 2, 3);
    for (int i = 0; i < 4; ++i) {
        const auto path = "/" + std::to_string(i);
        canary.push_back(around(path, "c", i < bad ? 300 : 100));
        stable.push_back(around(path, "s1", 100));
        stable.push_back(around(path, "s2", 100));
    }
    const auto verdict = judge(question(), {"latency", answer(canary), answer(stable)});
    const auto expected = bad <= 1 ? Answer::pass : bad == 2 ? Answer::inconclusive : Answer::fail;
    CHECK(verdict.answer == expected);
}

TEST_CASE("too few values, a side without any and NaN prove nothing", "[gates]") {
    const auto few = answer({around("/", "c", 100, 4)});
    const auto many = answer({around("/", "s", 100)});
    CHECK(judge(question(), {"latency", few, many}).answer == Answer::inconclusive);
    const auto nan = std::numeric_limits<double>::quiet_NaN();
    const auto none = answer({around("/", "c", nan)});
    CHECK(judge(question(), {"latency", none, many}).answer == Answer::inconclusive);
    const auto other = answer({around("/other", "c", 100)});
    CHECK(judge(question(), {"latency", other, many}).answer == Answer::inconclusive);
    CHECK(judge(question(), {"latency", answer({}), many}).answer == Answer::error);
    const MetricAnswer down{AnswerKind::failed, {}, "connection refused", {}};
    CHECK_THAT(
        judge(question(), {"latency", many, down}).reason, Contains("of stable: connection")
    );
}
