// SPDX-License-Identifier: Apache-2.0
#include "documents/json.hpp"
#include "gates/analysis_gate.hpp"
#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace deployctl;
using Catch::Contains;
using simcluster::run;

namespace {

constexpr auto canary_pod = "web-canary-a";
constexpr auto stable_pod = "web-a";

/// How many requests took how long; cumulative from the fastest on, as histograms have them.
struct Buckets {
    double to_100ms = 0;
    double to_500ms = 0;
    double to_1s = 0;
    double all = 0;
};

/// Histograms of one pod on each side, that go on by a look.
struct Shop {
    Shop() {
        question.buckets = "slow{pod=~\"${pods}\"}";
        question.warm_up = {};
        bench.metrics.answer([this](const std::string&) {
            return failure.empty() ? MetricAnswer{MetricAnswer::Kind::series, series(), "", {}}
                                   : MetricAnswer{MetricAnswer::Kind::failed, {}, failure, {}};
        });
    }

    std::vector<MetricSeries> series() const {
        std::vector<MetricSeries> all;
        for (const auto& [pod, counts] : histograms) {
            for (const auto& [le, count] : std::map<std::string, double>{
                     {"0.1", counts.to_100ms},
                     {"0.5", counts.to_500ms},
                     {"1", counts.to_1s},
                     {last_edge, counts.all},
                 }) {
                all.push_back({{{"pod", pod}, {"le", le}}, {{WallTime(), count}}});
            }
        }
        return all;
    }

    /// Ten percent above 100ms, and so many above 500ms.
    void serve(const std::string& pod, double requests, double above_500ms) {
        auto& counts = histograms[pod];
        counts.to_100ms += std::min(requests * 0.9, requests - above_500ms);
        counts.to_500ms += requests - above_500ms;
        counts.to_1s += requests;
        counts.all += requests;
    }

    Verdict look() {
        if (!made) {
            made = gates::make_gate(question, bench.sources());
        }
        gates::Subjects subjects;
        subjects.candidate = {canary_pod};
        subjects.stable = {stable_pod};
        subjects.at = bench.clock.boot_time();
        return run(made->sample(subjects));
    }

    tests::GateBench bench;
    AnalysisQuestion question;
    std::map<std::string, Buckets> histograms;
    std::string failure;
    std::string last_edge = "+Inf";
    std::unique_ptr<gates::Gate> made;
};

double slow_of(const Verdict& verdict, int edge) {
    return verdict.evidence.real("/latency/" + std::to_string(edge) + "/canary/events");
}

}  // namespace

TEST_CASE("a slow canary is proven slow at the edge that says it best", "[gates]") {
    Shop shop;
    shop.serve(stable_pod, 10'000, 100);
    shop.serve(canary_pod, 10, 0);
    CHECK(shop.look().answer == Answer::inconclusive);
    Verdict verdict;
    for (int look = 0; look < 40 && verdict.answer != Answer::fail; ++look) {
        shop.serve(canary_pod, 100, 10);
        shop.serve(stable_pod, 900, 9);
        verdict = shop.look();
    }
    CHECK(verdict.answer == Answer::fail);
    CHECK_THAT(
        verdict.measured,
        Contains("10% of ") && Contains(" canary requests took longer than 500ms, stable 1% of ")
    );
    CHECK(verdict.limit == "1.5x stable's rate, or 1%");
    CHECK_THAT(verdict.reason, Contains("worse, evidence ") && !Contains("10%"));
    CHECK(slow_of(verdict, 1) == 10);
    CHECK(documents::write_json(verdict.evidence).size() < 10'000);
}

TEST_CASE("a canary as fast as stable passes, also one that is never slow", "[gates]") {
    Shop shop;
    const double slow = GENERATE(0.0, 10.0);
    shop.question.max_slow = 0.02;
    shop.question.edges = {0.6};  // nearest to the bucket of 500ms
    shop.serve(stable_pod, 10'000, 100);
    shop.serve(canary_pod, 0, 0);
    shop.look();
    Verdict verdict;
    for (int look = 0; look < 300 && verdict.answer != Answer::pass; ++look) {
        shop.serve(canary_pod, 1000, slow);
        shop.serve(stable_pod, 9000, 9 * slow);
        verdict = shop.look();
        REQUIRE(verdict.answer != Answer::fail);
    }
    CHECK(verdict.answer == Answer::pass);
    CHECK_THAT(verdict.measured, Contains("longer than 500ms"));
}

TEST_CASE("a service that is faster than its buckets passes by default, and fails", "[gates]") {
    Shop shop;
    const auto serve = [&](const std::string& pod, double requests, double slow) {
        auto& counts = shop.histograms[pod];
        for (auto* bucket : {&counts.to_100ms, &counts.to_500ms, &counts.to_1s, &counts.all}) {
            *bucket += requests;
        }
        counts.to_100ms -= slow;
    };
    const bool is_bad = GENERATE(false, true);
    serve(stable_pod, 10'000, 0);
    serve(canary_pod, 0, 0);
    shop.look();
    for (int look = 0; look < 20; ++look) {
        serve(canary_pod, 100, is_bad ? 3 : 0);
        serve(stable_pod, 900, 0);
        shop.look();
    }
    const auto verdict = shop.look();
    CHECK(verdict.answer == (is_bad ? Answer::fail : Answer::pass));
    CHECK_THAT(verdict.measured, Contains("took longer than 100ms"));
    CHECK(verdict.evidence.items("/latency").size() == 1);
}

TEST_CASE("latencies of before are asked for again where only errors were answered", "[gates]") {
    Shop shop;
    shop.question.errors = "bad";
    shop.question.total = "all";
    shop.question.edges = {0.5};
    shop.serve(stable_pod, 10'000, 100);
    shop.serve(canary_pod, 0, 0);
    shop.bench.metrics.answer([&](const std::string& query) {
        MetricAnswer answer{MetricAnswer::Kind::series, {}, "", {}};
        if (query.starts_with("slow")) {
            answer.series = shop.series();
        } else {
            answer.series.push_back({{{"pod", stable_pod}}, {{WallTime(), 5}}});
        }
        return answer;
    });
    int asked = 0;
    shop.bench.metrics.answer_ranges([&](const std::string& query, const MetricRange&) {
        MetricAnswer answer{MetricAnswer::Kind::series, {}, "", {}};
        if (query.starts_with("slow") && ++asked == 1) {
            return MetricAnswer{MetricAnswer::Kind::failed, {}, "connection refused", {}};
        }
        for (const auto& [le, count] : std::map<std::string, double>{
                 {"0.1", 900}, {"0.5", 990}, {"1", 1000}, {"+Inf", 1000}
             }) {
            answer.series.push_back({{{"pod", stable_pod}}, {{WallTime(), 0}, {WallTime(), count}}}
            );
            if (query.starts_with("slow")) {
                answer.series.back().labels["le"] = le;
            } else {
                break;
            }
        }
        return answer;
    });
    shop.look();
    CHECK(asked == 1);
    shop.look();
    CHECK(asked == 2);
    shop.serve(canary_pod, 100, 1);
    const auto told = shop.look();
    CHECK(asked == 2);
    CHECK(told.evidence.real("/latency/0/stable/requests") == 1000);
    CHECK(told.evidence.real("/latency/0/stable/events") == 10);
}

TEST_CASE("edges stay where they were chosen, also for another runner", "[gates]") {
    Shop shop;
    shop.question.quantiles = {0.99};
    shop.serve(stable_pod, 10'000, 100);
    shop.serve(canary_pod, 0, 0);
    shop.look();
    shop.serve(canary_pod, 100, 1);
    shop.serve(stable_pod, 1'000'000, 500'000);  // now 500ms is no p99 any more
    const auto told = shop.look();
    CHECK(told.evidence.real("/latency/0/edge") == 0.5);
    CHECK(told.evidence.items("/latency").size() == 1);
    Shop other;
    other.question = shop.question;
    other.histograms = shop.histograms;
    other.made = gates::make_gate(other.question, other.bench.sources());
    other.made->recall(told.evidence);
    other.look();
    for (auto* one : {&shop, &other}) {
        one->serve(canary_pod, 100, 1);
        one->serve(stable_pod, 900, 9);
    }
    const auto here = shop.look();
    const auto there = other.look();
    CHECK(there.measured == here.measured);
    CHECK(there.reason == here.reason);
    CHECK(there.evidence == here.evidence);
}

TEST_CASE("errors and latency are asked together, and the worst decides", "[gates]") {
    Shop shop;
    shop.question.errors = "bad";
    shop.question.total = "all";
    double requests = 0;
    shop.bench.metrics.answer([&](const std::string& query) {
        MetricAnswer answer{MetricAnswer::Kind::series, {}, "", {}};
        if (query.starts_with("slow")) {
            answer.series = shop.series();
        } else if (query.starts_with("all")) {
            for (const auto* pod : {canary_pod, stable_pod}) {
                answer.series.push_back({{{"pod", pod}}, {{WallTime(), requests}}});
            }
        }
        return answer;
    });
    shop.serve(stable_pod, 10'000, 100);
    shop.serve(canary_pod, 10, 0);
    shop.look();
    Verdict verdict;
    for (int look = 0; look < 40 && verdict.answer != Answer::fail; ++look) {
        requests += 100;
        shop.serve(canary_pod, 100, 20);
        shop.serve(stable_pod, 100, 1);
        verdict = shop.look();
    }
    CHECK(verdict.answer == Answer::fail);
    CHECK_THAT(verdict.measured, Contains("took longer than"));
    CHECK(verdict.evidence.real("/canary/requests") == 100);
}

TEST_CASE("without requests of stable no quantile is known, and nothing passes", "[gates]") {
    Shop shop;
    shop.serve(stable_pod, 0, 0);
    shop.serve(canary_pod, 0, 0);
    shop.look();
    shop.serve(canary_pod, 1000, 0);
    const auto verdict = shop.look();
    CHECK(verdict.answer == Answer::inconclusive);
    CHECK_THAT(verdict.reason, Contains("no requests"));
}

TEST_CASE("buckets that make no sense are no answer", "[gates]") {
    Shop shop;
    CHECK_THAT(shop.look().reason, Contains("no series"));
    shop.serve(stable_pod, 1000, 10);
    SECTION("nobody answers") {
        shop.failure = "connection refused";
    }
    SECTION("no +Inf") {
        shop.last_edge = "2";
    }
    SECTION("no number") {
        shop.last_edge = "\x1b[31m";
    }
    SECTION("not a count") {
        shop.histograms[stable_pod].to_1s = std::numeric_limits<double>::quiet_NaN();
    }
    SECTION("other edges at the canary") {
        shop.serve(canary_pod, 0, 0);
        shop.question.edges = {0.5};
        shop.look();
        shop.histograms[canary_pod] = {5, 3, 9, 9};  // fewer below 500ms than below 100ms
    }
    const auto verdict = shop.look();
    CHECK(verdict.answer == Answer::error);
    CHECK_THAT(verdict.reason, Contains("slow{pod"));
}

TEST_CASE("a series that goes away takes nothing from the others of its pod", "[gates]") {
    Shop shop;
    shop.question.edges = {0.5};
    bool is_other_scraped = true;
    shop.bench.metrics.answer([&](const std::string&) {
        auto series = shop.series();
        for (auto& one : series) {
            one.labels["route"] = "/";
        }
        for (const auto& [le, count] : std::map<std::string, double>{
                 {"0.1", 0}, {"0.5", 400'000}, {"1", 500'000}, {"+Inf", 500'000}
             }) {
            if (is_other_scraped) {
                series.push_back(
                    {{{"pod", canary_pod}, {"le", le}, {"route", "/old"}}, {{WallTime(), count}}}
                );
            }
        }
        return MetricAnswer{MetricAnswer::Kind::series, std::move(series), "", {}};
    });
    shop.serve(stable_pod, 1000, 10);
    shop.serve(canary_pod, 1000, 10);
    shop.look();
    for (const bool is_scraped : {false, true}) {
        is_other_scraped = is_scraped;
        shop.serve(canary_pod, 100, 1);
        shop.serve(stable_pod, 100, 1);
        const auto verdict = shop.look();
        CAPTURE(is_scraped);
        CHECK(verdict.evidence.real("/latency/0/canary/requests") == 100);
        CHECK(slow_of(verdict, 0) == 1);
    }
}

TEST_CASE("the first requests of a new series of a known pod count", "[gates]") {
    Shop shop;
    shop.question.edges = {0.5};
    bool has_failed = false;
    shop.bench.metrics.answer([&](const std::string&) {
        auto series = shop.series();
        for (const auto& [le, count] :
             std::map<std::string, double>{{"0.1", 0}, {"0.5", 0}, {"1", 3}, {"+Inf", 5}}) {
            if (has_failed) {
                series.push_back(
                    {{{"pod", canary_pod}, {"le", le}, {"code", "500"}}, {{WallTime(), count}}}
                );
            }
        }
        return MetricAnswer{MetricAnswer::Kind::series, std::move(series), "", {}};
    });
    shop.serve(stable_pod, 1000, 10);
    shop.serve(canary_pod, 1000, 10);
    shop.look();
    has_failed = true;
    shop.serve(stable_pod, 100, 1);
    CHECK(slow_of(shop.look(), 0) == 5);
}
