// SPDX-License-Identifier: Apache-2.0
#include "gates/measured.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::gates;

namespace {

Value counts(double requests, double events) {
    return Value::map({{"requests", requests}, {"events", events}});
}

}  // namespace

TEST_CASE(
    "errors and slow requests of both versions are shares, of looks with requests", "[gates]"
) {
    AnalysisQuestion question;
    question.max = 0.02;
    question.max_slow = 0;
    const auto look = Value::map({{"canary", counts(100, 2)}, {"stable", counts(0, 0)}});
    auto slow = Value::map({{"canary", counts(10, 5)}, {"stable", counts(90, 9)}});
    slow.set("/edge", 0.5);
    auto evidence = look;
    evidence.set("/latency", Value::list({slow}));
    const auto all = measured_in(question, evidence);
    REQUIRE(all.size() == 3);
    CHECK(all[0].what == "canary");
    CHECK(all[0].value == 0.02);
    CHECK(all[0].limit == 0.02);
    CHECK(all[0].unit == Measured::Unit::share);
    CHECK(all[1].what == "canary above 500ms");
    CHECK_FALSE(all[1].limit);
    CHECK(all[2].value == 0.1);
}

TEST_CASE("one number has its limit, and the side that is bad", "[gates]") {
    MetricQuestion question{"free", std::nullopt, 10.0, std::nullopt};
    const auto evidence = Value::map({{"series", Value::list({Value::map({{"number", 12.5}})})}});
    const auto all = measured_in(question, evidence);
    REQUIRE(all.size() == 1);
    CHECK(all[0].value == 12.5);
    CHECK(all[0].limit == 10.0);
    CHECK(all[0].bad == Measured::Bad::below);
}

TEST_CASE("what has no number has none, nor has evidence of another shape", "[gates]") {
    CHECK(measured_in(CommandQuestion{}, Value::map({{"ended", "exit code 0"}})).empty());
    CHECK(measured_in(MetricQuestion{}, Value()).empty());
    CHECK(measured_in(ExhaustionQuestion{}, Value::list({1, 2})).empty());
    CHECK(measured_in(AnalysisQuestion{}, Value::map({{"latency", 7}})).empty());
    ErrorBudgetQuestion whole;
    whole.objective = 100;
    const auto evidence = Value::map({{"counts", Value::map({{"requests", 5}, {"errors", 1}})}});
    CHECK(measured_in(whole, evidence).empty());
}
