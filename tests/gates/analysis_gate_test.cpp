// SPDX-License-Identifier: Apache-2.0
#include "gates/analysis_gate.hpp"

#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Contains;
using simcluster::run;

namespace {

constexpr auto canary_pod = "web-canary-a";
constexpr auto stable_pod = "web-a";

/// Counters of one pod on each side, that go on by a look.
struct Shop {
    Shop() {
        question.errors = "bad{pod=~\"${pods}\"}";
        question.total = "all{pod=~\"${pods}\"}";
        question.warm_up = {};
        metrics.answer([this](const std::string& query) { return answer(query); });
    }

    MetricAnswer answer(const std::string& query) const {
        if (!failure.empty()) {
            return {MetricAnswer::Kind::failed, {}, failure, {}};
        }
        MetricAnswer answer;
        const bool is_bad = query.starts_with("bad");
        for (const auto& [pod, counts] : counters) {
            const double value = is_bad ? counts.events : counts.requests;
            if (!is_bad || value > 0) {  // no series before the first error
                answer.series.push_back({{{label, pod}}, {{WallTime(), value}}});
            }
        }
        return answer;
    }

    void serve(analysis::Counts canary, analysis::Counts stable) {
        counters[canary_pod] += canary;
        counters[stable_pod] += stable;
    }

    gates::Subjects subjects() const {
        gates::Subjects subjects;
        subjects.candidate = {canary_pod};
        subjects.stable = {stable_pod};
        subjects.at = clock.boot_time();
        return subjects;
    }

    Verdict look() { return run(gate().sample(subjects())); }

    gates::AnalysisGate& gate() {
        if (!made) {
            made = std::make_unique<gates::AnalysisGate>(bench.sources(), question);
        }
        return *made;
    }

    tests::GateBench bench;
    simcluster::VirtualClock& clock = bench.clock;
    simcluster::ScriptedMetrics& metrics = bench.metrics;
    AnalysisQuestion question;
    std::map<std::string, analysis::Counts> counters;
    std::string failure;
    std::string label = "pod";
    std::unique_ptr<gates::AnalysisGate> made;
};

}  // namespace

TEST_CASE("a canary that fails ten times as often is proven bad, with the numbers", "[gates]") {
    Shop shop;
    shop.serve({100, 0}, {900, 4});
    CHECK(shop.look().answer == Answer::inconclusive);  // only where the counters begin
    Verdict verdict;
    for (int look = 0; look < 20 && verdict.answer != Answer::fail; ++look) {
        shop.serve({100, 5}, {900, 4});
        verdict = shop.look();
    }
    CHECK(verdict.answer == Answer::fail);
    CHECK_THAT(verdict.measured, Contains("canary ") && Contains("stable "));
    CHECK_THAT(verdict.limit, Contains("1.5x stable's rate"));
    CHECK(verdict.evidence.real("/canary/events") == 5);
}

TEST_CASE("a good canary passes in the end, and one without any error too", "[gates]") {
    const double errors = GENERATE(0.0, 5.0);
    Shop shop;
    shop.question.max = 0.02;
    shop.serve({}, {});
    shop.look();
    Verdict verdict;
    int looks = 0;
    while (verdict.answer != Answer::pass && looks < 200) {
        ++looks;
        shop.serve({100, errors / 10}, {900, errors * 0.9});
        verdict = shop.look();
        REQUIRE(verdict.answer != Answer::fail);
    }
    CHECK(verdict.answer == Answer::pass);
    CHECK(looks > 1);  // nobody passes on the first few requests
}

TEST_CASE("alone, it is held against what stable was before", "[gates]") {
    const bool is_bad = GENERATE(true, false);
    Shop shop;
    shop.serve({}, {});
    shop.look();
    shop.serve({0, 0}, {20'000, 100});  // the traffic of before a switch
    CHECK(shop.look().answer == Answer::inconclusive);
    Verdict verdict;
    for (int look = 0; look < 40 && verdict.answer != Answer::fail; ++look) {
        shop.serve({1000, is_bad ? 50.0 : 5.0}, {0, 0});
        verdict = shop.look();
    }
    CHECK(verdict.answer == (is_bad ? Answer::fail : Answer::pass));
    CHECK((verdict.reason.find("worse than stable was before") != std::string::npos) == is_bad);
}

TEST_CASE("with nothing to compare with, what surely fails too often is bad", "[gates]") {
    struct Row {
        double errors;  ///< of a hundred requests
        double max;
        bool is_bad;
    };

    const auto row =
        GENERATE(values<Row>({{50, 0.02, true}, {4, 0.02, true}, {1, 0.02, false}, {50, 0, false}})
        );
    CAPTURE(row.errors, row.max);
    Shop shop;
    shop.question.max = row.max;
    shop.serve({}, {});
    shop.look();
    Verdict verdict;
    for (int look = 0; look < 60 && verdict.answer != Answer::fail; ++look) {
        shop.serve({100, row.errors}, {0, 0});
        verdict = shop.look();
    }
    CHECK((verdict.answer == Answer::fail) == row.is_bad);
    CHECK((verdict.reason.find("with nothing to compare with") != std::string::npos) == row.is_bad);
}

TEST_CASE("the first errors of a pod count, although its series is new", "[gates]") {
    Shop shop;
    shop.serve({100, 0}, {900, 0});
    shop.look();
    shop.serve({100, 7}, {900, 0});
    CHECK(shop.look().evidence.real("/canary/events") == 7);
}

TEST_CASE("a counter that begins anew counts whole, and a new pod from where it is", "[gates]") {
    Shop shop;
    shop.serve({100, 10}, {900, 0});
    shop.look();
    shop.counters[canary_pod] = {30, 2};
    const auto after = shop.look();
    CHECK(after.evidence.real("/canary/requests") == 30);
    CHECK(after.evidence.real("/canary/events") == 2);
    shop.counters["web-canary-new"] = {5000, 5000};
    auto subjects = shop.subjects();
    subjects.candidate.emplace_back("web-canary-new");
    CHECK(run(shop.gate().sample(subjects)).evidence.real("/canary/requests") == 0);
}

TEST_CASE("new pods are not counted while they warm up", "[gates]") {
    Shop shop;
    shop.question.warm_up = seconds(30);
    shop.serve({}, {});
    CHECK_THAT(shop.look().reason, Contains("warming up"));
    shop.clock.advance(seconds(20));
    shop.serve({100, 100}, {900, 0});
    CHECK(shop.look().answer == Answer::inconclusive);
    shop.clock.advance(seconds(10));
    shop.serve({100, 1}, {900, 0});
    const auto first = shop.look();
    CHECK(first.evidence.real("/canary/requests") == 100);
    CHECK(first.evidence.real("/canary/events") == 1);
}

TEST_CASE("a source that fails, or has nothing, or no pods, gives no verdict", "[gates]") {
    Shop shop;
    CHECK(shop.look().answer == Answer::error);  // no series at all
    shop.serve({100, 0}, {900, 0});
    shop.look();
    shop.failure = "connection refused";
    const auto down = shop.look();
    CHECK(down.answer == Answer::error);
    CHECK_THAT(down.reason, Contains("connection refused") && Contains("bad{"));
    shop.failure.clear();
    shop.label = "instance";
    CHECK_THAT(shop.look().reason, Contains("no label `pod`"));
}

TEST_CASE("another runner goes on from what was told, and judges the same", "[gates]") {
    Shop shop;
    Shop other;
    shop.serve({}, {});
    other.serve({}, {});
    shop.look();
    other.look();
    for (int look = 0; look < 6; ++look) {
        shop.serve({200, 2}, {1800, 9});
        const auto told = shop.look();
        other.gate().recall(told.evidence);
    }
    shop.serve({200, 2}, {1800, 9});
    other.serve({200, 2}, {1800, 9});
    const auto here = shop.look();
    const auto there = other.look();
    CHECK(here.measured == there.measured);
    CHECK(here.reason == there.reason);
    CHECK(here.evidence == there.evidence);
}
