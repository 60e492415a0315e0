// SPDX-License-Identifier: Apache-2.0
#include "gates/analysis_gate.hpp"

#include "documents/json.hpp"
#include "gates/analysis_tests.hpp"
#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <limits>

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
        if (is_beside) {
            subjects.stable = {stable_pod};
        }
        subjects.at = clock.boot_time();
        subjects.stage = stage;
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
    std::string stage;
    bool is_beside = true;  ///< stable's pods serve, too
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
    CHECK_THAT(verdict.reason, Contains("; aborted after 200 requests of the canary; no test"));
    CHECK_THAT(verdict.reason, Contains("fewer than about 93 on average (Wald)"));
    CHECK(verdict.evidence.real("/canary/events") == 5);
    shop.serve({100, 5}, {900, 4});  // one that decides nothing goes on counting
    CHECK_THAT(shop.look().reason, Contains("; aborted after 200 requests of the canary; no test"));
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

TEST_CASE("what was proven at one share says nothing of another without requests", "[gates]") {
    Shop shop;
    shop.stage = "25%";
    shop.serve({}, {});
    shop.look();
    const auto serve_and_look = [&] {
        shop.serve({500, 1}, {1500, 3});
        return shop.look();
    };
    serve_and_look();
    REQUIRE(serve_and_look().answer == Answer::pass);
    CHECK(shop.look().answer == Answer::pass);  // nothing came since, and enough before
    shop.stage = "50%";
    for (int look = 0; look < 3; ++look) {
        const auto verdict = shop.look();
        CHECK(verdict.answer == Answer::inconclusive);
        CHECK(verdict.reason == "the new version has had no request since this stage began");
    }
    CHECK(serve_and_look().answer == Answer::pass);

    // The first look of a stage may tell of what came before it began.
    shop.stage = "75%";
    CHECK(serve_and_look().answer == Answer::inconclusive);
    CHECK(serve_and_look().answer == Answer::pass);

    // Also where that waits for what stable had.
    shop.stage = "90%";
    shop.serve({40, 0}, {});
    CHECK(shop.look().answer == Answer::inconclusive);
    shop.serve({}, {100, 0});
    CHECK(shop.look().answer == Answer::inconclusive);
    CHECK(serve_and_look().answer == Answer::pass);
}

TEST_CASE("a judgement of before stages were told apart stays what it was", "[gates]") {
    gates::AnalysisTests tests({"bad", "all"});
    auto look = documents::read_json(
        R"({"alone": false, "canary": {"events": 1, "requests": 900},
            "stable": {"events": 3, "requests": 2700}, "widening": 1})"
    );
    tests.recall(look);
    CHECK(tests.judge().answer == Answer::pass);
    look.set("/in_stage", 0);
    tests.recall(look);
    CHECK(tests.judge().answer == Answer::inconclusive);
}

TEST_CASE("alone, it is held against what stable was before", "[gates]") {
    const bool is_bad = GENERATE(true, false);
    Shop shop;
    shop.serve({}, {});
    shop.look();
    shop.serve({0, 0}, {20'000, 100});  // the traffic of before a switch
    CHECK(shop.look().answer == Answer::inconclusive);
    shop.clock.advance(minutes(2));
    shop.look();
    shop.is_beside = GENERATE(true, false);
    Verdict verdict;
    for (int look = 0; look < 40 && verdict.answer != Answer::fail; ++look) {
        shop.clock.advance(shop.is_beside ? minutes(2) : seconds(5));
        shop.serve({1000, is_bad ? 50.0 : 5.0}, {0, 0});
        verdict = shop.look();
    }
    CHECK(verdict.answer == (is_bad ? Answer::fail : Answer::pass));
    CHECK((verdict.reason.find("worse than stable was before") != std::string::npos) == is_bad);
}

TEST_CASE(
    "pods that the source reads one after another are compared over the same time", "[gates]"
) {
    Shop shop;
    shop.serve({}, {});
    shop.look();
    for (int look = 0; look < 12; ++look) {
        shop.clock.advance(seconds(5));
        const bool is_canary = look % 2 == 0;  // both have the same burst of errors
        shop.serve(
            is_canary ? analysis::Counts{200, 100} : analysis::Counts{},
            is_canary ? analysis::Counts{} : analysis::Counts{200, 100}
        );
        const auto verdict = shop.look();
        CAPTURE(look);
        CHECK(verdict.answer != Answer::fail);
        CHECK(verdict.evidence.real("/canary/requests") == (is_canary ? 0 : 200));
        CHECK(verdict.evidence.real("/stable/requests") == (is_canary ? 0 : 200));
    }
}

TEST_CASE("what one version has alone for two minutes counts without the other", "[gates]") {
    Shop shop;
    shop.serve({}, {});
    shop.look();
    shop.serve({100, 1}, {});
    CHECK(shop.look().evidence.real("/canary/requests") == 0);
    shop.clock.advance(seconds(119));
    CHECK(shop.look().evidence.real("/canary/requests") == 0);
    shop.clock.advance(seconds(1));
    shop.serve({50, 0}, {});
    CHECK(shop.look().evidence.real("/canary/requests") == 150);
    CHECK(shop.look().evidence.real("/canary/requests") == 0);
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
    shop.is_beside = false;
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
    shop.is_beside = false;
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

namespace {

/// What a source says as a test has it: series of each of the two selectors.
struct Source {
    explicit Source(Shop& shop) {
        shop.metrics.answer([this](const std::string& query) {
            MetricAnswer answer;
            answer.series = query.starts_with("bad") ? bad : all;
            answer.warnings = query.starts_with("bad") ? warnings : std::vector<std::string>();
            return answer;
        });
    }

    static MetricSeries of(const std::string& pod, const std::string& port, double value) {
        return {{{"pod", pod}, {"port", port}}, {{WallTime(), value}}};
    }

    std::vector<MetricSeries> bad;
    std::vector<MetricSeries> all;
    std::vector<std::string> warnings;
};

}  // namespace

TEST_CASE("a series that goes away and comes back counts nothing twice", "[gates]") {
    Shop shop;
    shop.is_beside = false;
    Source source(shop);
    const auto app = [](double value) { return Source::of(canary_pod, "8080", value); };
    const auto sidecar = [](double value) { return Source::of(canary_pod, "9090", value); };
    source.all = {app(1'000'000), sidecar(50'000)};
    source.bad = {app(20'000)};
    shop.look();
    source.all = {sidecar(50'010)};  // one scrape of the other port has failed
    source.bad = {};
    shop.look();
    source.all = {app(1'000'200), sidecar(50'020)};
    source.bad = {app(20'001)};
    const auto verdict = shop.look();
    CHECK(verdict.evidence.real("/canary/requests") == 210);
    CHECK(verdict.evidence.real("/canary/events") == 1);
}

TEST_CASE("errors that are no number, or of a part only, are no answer", "[gates]") {
    Shop shop;
    Source source(shop);
    source.all = {Source::of(canary_pod, "1", 100)};
    source.bad = {Source::of(canary_pod, "1", 0)};
    shop.look();
    source.all = {Source::of(canary_pod, "1", 900)};
    SECTION("not a number") {
        source.bad = {Source::of(canary_pod, "1", std::numeric_limits<double>::quiet_NaN())};
    }
    SECTION("below zero") {
        source.bad = {Source::of(canary_pod, "1", -1)};
    }
    SECTION("one store of several is away") {
        source.bad = {};
        source.warnings = {"store 2 did not answer"};
    }
    CHECK(shop.look().answer == Answer::error);
}

TEST_CASE("a pod that joins later is not counted before it is warm", "[gates]") {
    Shop shop;
    shop.question.warm_up = seconds(30);
    shop.is_beside = false;
    Source source(shop);
    auto subjects = shop.subjects();
    const auto look = [&] {
        subjects.at = shop.clock.boot_time();
        return run(shop.gate().sample(subjects));
    };
    source.all = {Source::of(canary_pod, "1", 0)};
    look();
    shop.clock.advance(seconds(40));
    subjects.candidate.emplace_back("web-canary-b");
    source.all = {Source::of(canary_pod, "1", 100), Source::of("web-canary-b", "1", 0)};
    look();
    source.all = {Source::of(canary_pod, "1", 200), Source::of("web-canary-b", "1", 50)};
    source.bad = {Source::of("web-canary-b", "1", 50)};
    CHECK(look().evidence.real("/canary/requests") == 100);
    shop.clock.advance(seconds(40));
    source.all = {Source::of(canary_pod, "1", 300), Source::of("web-canary-b", "1", 60)};
    const auto warm = look();
    CHECK(warm.evidence.real("/canary/requests") == 110);
    CHECK(warm.evidence.real("/canary/events") == 0);
}

namespace {

/// Twelve pods whose rates lie far apart, as sticky clients make them; both versions are equal.
struct UnevenShop : Shop {
    UnevenShop() {
        question.alpha = 0.02;
        question.max = 0;
    }

    gates::Subjects all_pods() const {
        auto all = subjects();
        all.candidate.clear();
        all.stable.clear();
        for (int pod = 0; pod < 6; ++pod) {
            all.candidate.push_back("web-canary-" + std::to_string(pod));
            all.stable.push_back("web-" + std::to_string(pod));
        }
        return all;
    }

    void serve_all() {
        const std::array<double, 6> errors{0, 0, 0, 0, 1, 14};
        for (std::size_t pod = 0; pod < errors.size(); ++pod) {
            counters["web-canary-" + std::to_string(pod)] += {100, errors[pod]};
            counters["web-" + std::to_string(pod)] += {100, errors[pod] / 2};
        }
    }
};

}  // namespace

TEST_CASE("that pods differ is known to another runner, too", "[gates]") {
    UnevenShop shop;
    UnevenShop other;
    shop.serve_all();
    run(shop.gate().sample(shop.all_pods()));
    Verdict told;
    for (int look = 0; look < 10; ++look) {
        shop.serve_all();
        told = run(shop.gate().sample(shop.all_pods()));
        other.gate().recall(told.evidence);
    }
    const double widening = told.evidence.real("/widening");
    REQUIRE(widening > 2);
    other.counters = shop.counters;
    run(other.gate().sample(other.all_pods()));
    other.serve_all();
    const auto there = run(other.gate().sample(other.all_pods()));
    CHECK(there.evidence.real("/widening") >= widening);
    CHECK(there.answer == told.answer);
}

TEST_CASE("what was proven at one weight ends no hold at another", "[gates]") {
    Shop shop;
    shop.serve({}, {});
    shop.look();
    const auto look_since = [&](BootTime since) {
        auto subjects = shop.subjects();
        subjects.since = since;
        return run(shop.gate().sample(subjects));
    };
    const BootTime first = shop.clock.boot_time();
    Verdict verdict;
    for (int look = 0; look < 400 && !verdict.evidence.flag("/surely_good"); ++look) {
        shop.serve({100, 0.5}, {900, 4.5});
        verdict = look_since(first);
    }
    REQUIRE(verdict.evidence.flag("/surely_good"));
    shop.serve({1000, 15}, {1000, 5});  // worse under the larger load
    verdict = look_since(first + minutes(10));
    CHECK_FALSE(verdict.evidence.flag("/surely_good"));
}

TEST_CASE("after a switch, what comes then is looked at by itself", "[gates]") {
    Shop shop;
    shop.question.max = 0;
    shop.serve({}, {});
    shop.look();
    Verdict verdict;
    for (int look = 0; look < 400 && verdict.answer != Answer::pass; ++look) {
        shop.serve({500, 2.5}, {500, 2.5});
        verdict = shop.look();
    }
    REQUIRE(verdict.answer == Answer::pass);
    shop.is_beside = false;
    shop.serve({1000, 12}, {0, 0});
    CHECK(shop.look().answer == Answer::inconclusive);
    shop.serve({4000, 14}, {0, 0});
    CHECK(shop.look().answer == Answer::pass);
}

TEST_CASE("two silent minutes of stable freeze no baseline for ever", "[gates]") {
    Shop shop;
    shop.question.max = 0;
    shop.serve({}, {});
    shop.look();
    shop.serve({2, 0}, {3, 0});
    shop.look();
    shop.serve({2, 0}, {});
    shop.look();
    shop.clock.advance(minutes(3));
    shop.look();
    for (int look = 0; look < 20; ++look) {
        shop.serve({1000, 5}, {1000, 5});
        shop.look();
    }
    shop.is_beside = false;
    Verdict verdict;
    for (int look = 0; look < 20 && verdict.answer != Answer::fail; ++look) {
        shop.serve({200, 40}, {});
        verdict = shop.look();
    }
    CHECK(verdict.answer == Answer::fail);
}

TEST_CASE("the minutes before are asked for again where nobody answered", "[gates]") {
    Shop shop;
    int asked = 0;
    shop.metrics.answer_ranges([&](const std::string& query, const MetricRange&) {
        ++asked;
        if (asked <= 2) {
            return MetricAnswer{MetricAnswer::Kind::failed, {}, "timeout", {}};
        }
        MetricAnswer answer{MetricAnswer::Kind::series, {}, "", {}};
        const double gained = query.starts_with("bad") ? 10 : 2000;
        answer.series.push_back({{{"pod", stable_pod}}, {{WallTime(), 7}, {WallTime(), 7 + gained}}}
        );
        return answer;
    });
    shop.serve({}, {100, 1});
    CHECK(shop.look().measured == "canary 0 of 0 (0%), stable 0 of 0 (0%)");
    shop.is_beside = true;
    shop.serve({100, 0}, {100, 1});  // of which the range knows already
    CHECK_THAT(shop.look().measured, Contains("stable 10 of 2000"));
    shop.serve({100, 0}, {100, 1});
    CHECK_THAT(shop.look().measured, Contains("stable 11 of 2100"));
    CHECK(asked == 4);
}

TEST_CASE("an incident of stable's before the rollout hides nothing", "[gates]") {
    Shop shop;
    shop.metrics.answer_ranges([](const std::string& query, const MetricRange&) {
        MetricAnswer answer{MetricAnswer::Kind::series, {}, "", {}};
        for (const auto& [pod, errors] :
             std::map<std::string, double>{{stable_pod, 440}, {"web-b", 0}, {"web-c", 3}}) {
            const double gained = query.starts_with("bad") ? errors : 600;
            answer.series.push_back({{{"pod", pod}}, {{WallTime(), 0}, {WallTime(), gained}}});
        }
        return answer;
    });
    auto subjects = shop.subjects();
    subjects.candidate.clear();
    subjects.stable = {stable_pod, "web-b", "web-c"};
    shop.serve({}, {1, 0});
    run(shop.gate().sample(subjects));
    shop.serve({1, 0}, {100, 0});
    shop.look();
    Verdict verdict;
    for (int look = 0; look < 10 && verdict.answer != Answer::fail; ++look) {
        shop.serve({30, 6}, {100, 0});
        verdict = shop.look();
    }
    CHECK(verdict.answer == Answer::fail);
    CHECK(verdict.evidence.real("/widening") < 2);
    CHECK_THAT(verdict.measured, Contains("stable 0 of "));
}

TEST_CASE("where neither version fails, enough requests are proof", "[gates]") {
    Shop shop;
    shop.serve({}, {});
    shop.look();
    shop.serve({60, 0}, {600, 0});
    CHECK_FALSE(shop.look().evidence.flag("/surely_good"));  // of so few, 2% might fail
    shop.serve({1000, 0}, {9000, 0});
    CHECK(shop.look().evidence.flag("/surely_good"));
}
