// SPDX-License-Identifier: Apache-2.0
#include "gates/metric_gate.hpp"

#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace deployctl;
using Catch::Contains;
using simcluster::run;

namespace {

MetricAnswer number(double value) {
    return {MetricAnswer::Kind::series, {{{}, {{WallTime(), value}}}}, "", {}};
}

MetricAnswer failed(const std::string& why) {
    return {MetricAnswer::Kind::failed, {}, why, {}};
}

MetricQuestion at_most(double limit) {
    MetricQuestion question;
    question.query = "errors{pod=~\"${pods}\"}";
    question.max = limit;
    return question;
}

Verdict judged(const MetricQuestion& question, const MetricAnswer& answer) {
    return gates::judge(question, {question.query, answer});
}

gates::Subjects subjects() {
    gates::Subjects subjects;
    subjects.candidate = {"web-canary-a", "web-canary-b.x"};
    subjects.stable = {"web-1"};
    subjects.names = {{"app", "web"}, {"env", "production"}};
    return subjects;
}

/// A gate on a source that says what the test makes of each query.
struct Asked {
    Verdict sample(const MetricQuestion& question) {
        gates::MetricGate gate(bench.sources(), question);
        auto about = subjects();
        about.stable = stable;
        return run(gate.sample(about));
    }

    std::vector<std::string> stable = {"web-1"};

    tests::GateBench bench;
    simcluster::ScriptedMetrics& metrics = bench.metrics;
};

}  // namespace

TEST_CASE("a number is held against its limits, which it may reach", "[gates]") {
    CHECK(judged(at_most(0.02), number(0.02)).answer == Answer::pass);
    const auto bad = judged(at_most(0.02), number(0.03));
    CHECK(bad.answer == Answer::fail);
    CHECK(bad.measured == "0.03");
    CHECK(bad.limit == "0.02");
    MetricQuestion least;
    least.min = 20;
    CHECK(judged(least, number(20)).answer == Answer::pass);
    CHECK(judged(least, number(19)).answer == Answer::fail);
    CHECK(judged(least, number(19)).limit == "at least 20");
}

TEST_CASE("what is no number is an error, never a pass", "[gates]") {
    const auto question = at_most(1);
    CHECK(judged(question, failed("connection refused")).answer == Answer::error);
    CHECK_THAT(judged(question, failed("connection refused")).reason, Contains("refused"));
    CHECK(judged(question, {MetricAnswer::Kind::series, {}, "", {}}).answer == Answer::error);
    CHECK(
        judged(question, number(std::numeric_limits<double>::quiet_NaN())).answer == Answer::error
    );
    CHECK(
        judged(question, number(std::numeric_limits<double>::infinity())).answer == Answer::error
    );
    MetricAnswer many = number(0);
    many.series.push_back({{{"code", "500"}}, {{WallTime(), 0}}});
    CHECK(judged(question, many).answer == Answer::error);
    CHECK_THAT(judged(question, many).reason, Contains("2 series") && Contains("code=\"500\""));
}

TEST_CASE("the query is about exactly the new pods, with every name filled in", "[gates]") {
    Asked asked;
    asked.metrics.answer([](const std::string&) { return number(0); });
    auto question = at_most(1);
    question.query = "rate{pod=~\"${pods}\",app=\"${app}\",env=\"${env}\",track=\"${track}\"}";
    CHECK(asked.sample(question).answer == Answer::pass);
    REQUIRE(asked.metrics.queries().size() == 1);
    CHECK(
        asked.metrics.queries().front() ==
        "rate{pod=~\"web-canary-a|web-canary-b[.]x\",app=\"web\",env=\"production\",track="
        "\"canary\"}"
    );
}

TEST_CASE("an increase is counted from the same number of the old pods", "[gates]") {
    Asked asked;
    MetricQuestion question;
    question.query = "errors{pod=~\"${pods}\"}";
    question.max_increase = 0.01;
    const auto with_canary_at = [&](double canary) {
        asked.metrics.answer([canary](const std::string& query) {
            return number(query.find("canary") == std::string::npos ? 0.02 : canary);
        });
        return asked.sample(question);
    };
    CHECK(with_canary_at(0.03).answer == Answer::pass);
    const auto bad = with_canary_at(0.035);
    CHECK(bad.answer == Answer::fail);
    CHECK(bad.limit == "0.03 (stable has 0.02)");
    asked.metrics.answer([](const std::string& query) {
        return query.find("canary") == std::string::npos ? failed("gone") : number(0);
    });
    CHECK(asked.sample(question).answer == Answer::error);
    CHECK_THAT(asked.sample(question).reason, Contains("of stable: gone"));
}

TEST_CASE("without pods the pattern matches none", "[gates]") {
    CHECK(gates::pattern_of({}) == "-");
    CHECK(gates::pattern_of({"a", "b"}) == "a|b");
}

TEST_CASE("with no old pods beside the new ones, the other limits count", "[gates]") {
    Asked asked;
    asked.stable.clear();
    asked.metrics.answer([](const std::string& query) {
        return query.find("canary") == std::string::npos ? failed("no such pods") : number(7);
    });
    MetricQuestion question;
    question.query = "queue{pod=~\"${pods}\"}";
    question.max_increase = 0.01;
    CHECK(asked.sample(question).answer == Answer::inconclusive);
    CHECK_THAT(asked.sample(question).reason, Contains("no pods of the version before"));
    question.max = 8;
    CHECK(asked.sample(question).answer == Answer::pass);
    CHECK_THAT(asked.sample(question).reason, Contains("not held against the version before"));
    const auto stored = gates::judge_stored(question, asked.sample(question).evidence);
    REQUIRE(stored);
    CHECK(stored->answer == Answer::pass);
    question.max = 6;
    CHECK(asked.sample(question).answer == Answer::fail);
}
