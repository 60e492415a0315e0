// SPDX-License-Identifier: Apache-2.0
#include "gates/hold_sight.hpp"

#include "simcluster/run.hpp"
#include "tests/fakes/fake_metrics.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace deployctl;
using namespace deployctl::gates;
using Catch::Contains;

namespace {

/// Two pods, asked about once.
struct Now {
    Now() {
        question.errors = "bad{pod=~\"${pods}\"}";
        question.total = "all{pod=~\"${pods}\"}";
    }

    void serve(double requests, double errors) {
        metrics.on("sum(increase(all{pod=~\"web-1|web-2\"}[300s]))", requests);
        metrics.on("sum(increase(bad{pod=~\"web-1|web-2\"}[300s]))", errors);
    }

    GateSight look() {
        const SightSource source{metrics, {}, {}, {"web-1", "web-2"}};
        return simcluster::run(look_ahead(source, question, holds));
    }

    tests::FakeMetrics metrics;
    AnalysisQuestion question;
    std::vector<PlannedHold> holds{{"5%", 0.05, minutes(10)}};
};

}  // namespace

TEST_CASE("a hold sees what its traffic lets it see, by the counters of now", "[gates]") {
    Now now;
    now.serve(30'000, 150);
    const auto sight = now.look();
    REQUIRE(sight.holds.size() == 1);
    CHECK(sight.unknown.empty());
    const auto& hold = sight.holds[0];
    CHECK(hold.requests == Approx(100 * 0.05 * 570));  // without the warm-up
    CHECK(hold.base_rate == Approx(0.005));
    REQUIRE(hold.ratio);
    CHECK_THAT(
        hold.text,
        Contains("at 5% for 10m (about 2850 requests): sees a ") &&
            Contains("x worse error rate with 90% power")
    );
    CHECK(hold.help.empty());
    CHECK(now.metrics.questions() == 2);
}

TEST_CASE("a hold that sees nothing says what would", "[gates]") {
    Now now;
    now.serve(300, 1);
    SECTION("what is very much worse is hardly anything") {
        const auto sight = now.look();
        CHECK(sight.holds.at(0).ratio.value() > 10);
        CHECK_THAT(sight.holds.at(0).help, Contains("a hold of "));
    }
    SECTION("a longer one, or a larger share") {
        now.holds = {{"5%", 0.05, minutes(1)}};
        const auto sight = now.look();
        REQUIRE(sight.holds.size() == 1);
        CHECK_FALSE(sight.holds[0].ratio);
        CHECK_THAT(sight.holds[0].text, Contains("sees no worse error rate, there are too few"));
        CHECK_THAT(sight.holds[0].help, Contains("a hold of ") && !Contains("a weight of "));
    }
    SECTION("a larger share") {
        now.serve(3'000, 15);
        now.look();  // hears the last of the earlier answers
        now.holds = {{"5%", 0.05, minutes(5)}};
        const auto sight = now.look();  // ratios by an own computation in Python
        CHECK(sight.holds.at(0).ratio.value() == Approx(14.33).epsilon(0.001));
        CHECK_THAT(sight.holds.at(0).help, Contains("or a weight of 10% sees a 9.5x worse one in"));
    }
    SECTION("one that is all warm-up") {
        now.holds = {{"5%", 0.05, seconds(20)}};
        CHECK_THAT(now.look().holds.at(0).text, Contains("sees nothing, warm_up is all of it"));
    }
}

TEST_CASE("more requests than anybody has are no trouble", "[gates]") {
    Now now;
    now.serve(1e300, 1e299);
    CHECK(now.look().holds.at(0).text.size() < 200);
}

TEST_CASE("where nothing fails now, it is as if one had", "[gates]") {
    Now now;
    now.serve(30'000, 0);
    const auto sight = now.look();
    REQUIRE(sight.holds.size() == 1);
    CHECK(sight.holds[0].base_rate == Approx(1.0 / 30'000));
}

TEST_CASE(
    "a hold without the old version beside it is seen against what that had before", "[gates]"
) {
    Now now;
    now.serve(30'000, 150);
    now.holds = {{"switch", 1, minutes(10), true}};
    const auto sight = now.look();
    REQUIRE(sight.holds.size() == 1);
    const auto& hold = sight.holds[0];
    CHECK(hold.requests == Approx(60'000));  // they have been warm before
    REQUIRE(hold.ratio);
    CHECK(*hold.ratio > 1.2);
    CHECK(*hold.ratio < 2);
    CHECK_THAT(
        hold.text,
        Contains("alone for 10m (about 60000 requests): sees a 1.") &&
            Contains("x worse error rate with 90% power, against the 10m before")
    );
    CHECK(sight.never.empty());
    SECTION("too little of it") {
        now.serve(300, 1);
        now.look();
        const auto little = now.look();
        CHECK_THAT(little.holds.at(0).help, Contains("a hold of "));
    }
    SECTION("all of it warm-up") {
        now.holds = {{"roll", 1, seconds(30)}};
        CHECK_THAT(now.look().holds.at(0).text, Contains("sees nothing, warm_up is all of it"));
    }
}

TEST_CASE("what can never pass is said, with what would let it", "[gates]") {
    Now now;
    now.question.max = 0;
    now.holds.push_back({"50%", 0.5, minutes(10)});
    SECTION("none fails, and no rate passes by itself") {
        now.serve(30'000, 0);
        const auto sight = now.look();
        REQUIRE(sight.never.size() == 1);
        CHECK_THAT(
            sight.never[0],
            Contains("can never pass by its error rate: not even 24h") &&
                Contains("within 1.5x stable's rate; write `max`, the share that passes by itself")
        );
    }
    SECTION("too few fail for a ratio so near to one") {
        now.question.max_ratio = 1.02;
        now.question.max = 0.0001;
        now.serve(3'000, 1);
        CHECK_THAT(
            now.look().never.at(0), Contains("1.02x stable's rate, or 0.01%; write a larger")
        );
    }
    SECTION("alone") {
        now.holds = {{"switch", 1, minutes(10)}};
        now.serve(30'000, 0);
        CHECK(now.look().never.size() == 1);
    }
    SECTION("enough of them fail") {
        now.serve(30'000, 150);
        CHECK(now.look().never.empty());
    }
}

TEST_CASE("what nearly all requests are is hardly ever more, and that is said", "[gates]") {
    Now now;
    now.serve(30'000, 29'000);
    CHECK_THAT(now.look().holds.at(0).help, Contains("it is 96.7% already"));
}

TEST_CASE("what nobody says is not known, and why", "[gates]") {
    Now now;
    SECTION("nobody answers") {
        now.metrics.go_away();
        CHECK_THAT(now.look().unknown.at(0), Contains("connection refused"));
    }
    SECTION("nothing is measured") {
        CHECK_THAT(now.look().unknown.at(0), Contains("no series"));
    }
    SECTION("no requests") {
        now.serve(0, 0);
        CHECK(now.look().unknown.at(0) == "no requests in the last 5m");
    }
    SECTION("no number") {
        now.serve(std::nan(""), 0);
        CHECK_THAT(now.look().unknown.at(0), Contains("NaN"));
    }
    CHECK(now.look().holds.empty());
}

TEST_CASE("each edge of a latency is a test of its own", "[gates]") {
    Now now;
    now.question.errors = now.question.total = "";
    now.question.buckets = "slow{pod=~\"${pods}\"}";
    const auto bucket = [](const std::string& le, double count) {
        return MetricSeries{{{"le", le}}, {{WallTime(), count}}};
    };
    now.metrics.on(
        "sum by (le) (increase(slow{pod=~\"web-1|web-2\"}[300s]))",
        tests::metric_series({bucket("0.1", 27'000), bucket("0.5", 29'700), bucket("+Inf", 30'000)})
    );
    const auto sight = now.look();
    REQUIRE(sight.holds.size() == 2);
    CHECK(sight.holds[0].base_rate == Approx(0.1));
    CHECK_THAT(sight.holds[0].text, Contains("worse share of requests above 100ms"));
    CHECK_THAT(sight.holds[1].text, Contains("worse share of requests above 500ms"));
}
