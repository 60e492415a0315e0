// SPDX-License-Identifier: Apache-2.0
#include "gates/slope_gate.hpp"

#include "documents/json.hpp"
#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace deployctl;
using Catch::Contains;
using simcluster::run;

namespace {

/// Memory of one pod on each side, since the bench was made, with a wave on it.
struct Memory {
    explicit Memory(const GateQuestion& asked) : question(asked) {
        bench.metrics.answer_ranges([this](const std::string& query, const MetricRange& range) {
            ++questions;
            points = 0;
            if (!failure.empty()) {
                return MetricAnswer{MetricAnswer::Kind::failed, {}, failure, {}};
            }
            const bool is_new = query.find("canary") != std::string::npos;
            const auto since = is_new ? born : WallTime();
            return MetricAnswer{
                Kind::series, {series(range, since, is_new ? canary : stable)}, "", {}
            };
        });
    }

    using Kind = MetricAnswer::Kind;

    MetricSeries series(const MetricRange& range, WallTime since, double rise) {
        MetricSeries one{{{"pod", "any"}}, {}};
        for (auto at = range.from; at <= range.to; at += range.step) {
            const double hours = std::chrono::duration<double>(at - begin).count() / 3600;
            if (at >= since && at <= last) {
                one.points.push_back({at, 100 + rise * hours + std::sin(hours * 777) + offset});
                ++points;
            }
        }
        return one;
    }

    Verdict look() {
        if (!gate) {
            gate = gates::make_gate(question, bench.sources());
        }
        auto subjects = bench.subjects();
        subjects.since = step_began;
        return run(gate->sample(subjects));
    }

    Verdict look_for(Duration span) {
        Verdict verdict;
        for (Duration waited{}; waited < span; waited += seconds(30)) {
            bench.clock.advance(seconds(30));
            verdict = look();
        }
        return verdict;
    }

    tests::GateBench bench;
    GateQuestion question;
    double canary = 0;
    double stable = 0;
    double offset = 0;
    WallTime last = WallTime::max();
    WallTime begin = bench.clock.now();
    WallTime born = begin;
    BootTime step_began = bench.clock.boot_time();
    std::string failure;
    int questions = 0;
    int points = 0;
    std::unique_ptr<gates::Gate> gate;
};

LeakQuestion leak(double max_rise) {
    LeakQuestion question;
    question.slope.query = "memory{pod=~\"${pods}\"}";
    question.slope.max_rise = max_rise;
    return question;
}

TrendQuestion trend(double max_rise) {
    return {leak(max_rise).slope};
}

}  // namespace

TEST_CASE("a canary whose memory rises more than stable's is proven to leak", "[gates]") {
    Memory memory(leak(5));
    memory.canary = 1000;
    memory.stable = 400;
    CHECK(memory.look_for(minutes(5)).answer == Answer::inconclusive);
    const auto verdict = memory.look_for(minutes(50));
    CHECK(verdict.answer == Answer::fail);
    CHECK_THAT(verdict.measured, Contains("rises by ") && Contains(" more than stable's"));
    CHECK(verdict.limit == "5");
    CHECK_THAT(verdict.reason, Contains("blocks rise, 0 fall"));
}

TEST_CASE("memory that rises on both sides, or not, is no leak", "[gates]") {
    Memory memory(leak(5));
    memory.canary = memory.stable = GENERATE(0.0, 500.0, -500.0);
    CHECK(memory.look_for(minutes(40)).answer == Answer::pass);
}

TEST_CASE("a trend is the canary's own", "[gates]") {
    const bool is_bad = GENERATE(true, false);
    Memory memory(trend(100));
    memory.stable = 1000;
    memory.canary = is_bad ? 1000 : 50;
    CHECK(memory.look_for(minutes(50)).answer == (is_bad ? Answer::fail : Answer::pass));
    CHECK(memory.points < 40);
}

TEST_CASE("what pods say while they warm up makes no slope", "[gates]") {
    auto question = trend(100);
    question.slope.warm_up = minutes(5);
    Memory memory(question);
    memory.born = memory.begin + minutes(10);
    CHECK(memory.look_for(minutes(12)).evidence.items("/blocks").empty());
    CHECK(memory.look_for(minutes(5)).answer == Answer::inconclusive);
    CHECK(memory.look_for(minutes(30)).answer == Answer::pass);
}

TEST_CASE("no samples are no answer, whatever was seen before", "[gates]") {
    Memory memory(leak(5));
    REQUIRE(memory.look_for(minutes(40)).answer == Answer::pass);
    SECTION("nobody answers") {
        memory.failure = "connection refused";
        const auto verdict = memory.look();
        CHECK(verdict.answer == Answer::error);
        CHECK_THAT(verdict.reason, Contains("connection refused"));
    }
    SECTION("NaN") {
        memory.offset = std::numeric_limits<double>::quiet_NaN();
        bool was_error = false;
        for (int look = 0; look < 10; ++look) {
            was_error = memory.look_for(seconds(30)).answer == Answer::error || was_error;
        }
        CHECK(was_error);
    }
}

TEST_CASE("another runner goes on from the blocks that were told", "[gates]") {
    Memory memory(leak(5));
    Memory other(leak(5));
    memory.canary = other.canary = 300;
    other.gate = gates::make_gate(other.question, other.bench.sources());
    for (int look = 0; look < 60; ++look) {
        const auto told = memory.look_for(seconds(30));
        CHECK(documents::write_json(told.evidence).size() < 10'000);
        other.gate->recall(told.evidence);
        other.bench.clock.advance(seconds(30));
    }
    const auto here = memory.look();
    const auto there = other.look();
    CHECK(there.measured == here.measured);
    CHECK(there.reason == here.reason);
    CHECK(there.answer == here.answer);
}

TEST_CASE("after a long time without a look only the last blocks are asked for", "[gates]") {
    Memory memory(trend(100));
    memory.look();
    memory.bench.clock.advance(std::chrono::hours(100));
    const auto verdict = memory.look();
    CHECK(verdict.evidence.items("/blocks").size() == 10);
    CHECK(memory.points < 200);
}

TEST_CASE("blocks of a look that has no samples at its end are told, too", "[gates]") {
    Memory memory(leak(5));
    memory.look_for(minutes(10));
    memory.bench.clock.advance(minutes(4));
    memory.last = memory.bench.clock.now();
    memory.bench.clock.advance(minutes(6));
    const auto verdict = memory.look();
    CHECK(verdict.answer == Answer::error);
    CHECK_FALSE(verdict.evidence.items("/blocks").empty());
}
