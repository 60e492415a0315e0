// SPDX-License-Identifier: Apache-2.0
#include "analysis/rate_test.hpp"

#include "analysis/proportion.hpp"
#include "documents/json.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cmath>
#include <random>

using namespace deployctl;
using namespace deployctl::analysis;

namespace {

RateTest after_one(const Counts& canary, const Counts& baseline) {
    auto test = make_rate_test({});
    take(test, {canary, baseline});
    return test;
}

Answer end_of_hold(const Counts& canary, const Counts& baseline) {
    return judge_hold(after_one(canary, baseline), {}).answer;
}

}  // namespace

TEST_CASE("a canary that fails five times as often is aborted, one as good is not", "[analysis]") {
    const auto bad = after_one({400, 10}, {3600, 18});
    CHECK(aborts(bad, {}));
    CHECK(judge_hold(bad, {}).answer == Answer::fail);
    CHECK(
        judge_hold(bad, {}).reason ==
        "canary 10 of 400 (2.5%), baseline 18 of 3600 (0.5%): worse, evidence 246 to 1, limit 100 "
        "to 1"
    );
    CHECK_FALSE(aborts(after_one({400, 2}, {3600, 18}), {}));
}

TEST_CASE("once it has aborted, later good looks do not unsay it", "[analysis]") {
    auto test = after_one({400, 10}, {3600, 18});
    take(test, {{100000, 100}, {900000, 4500}});
    CHECK(aborts(test, {}));
}

TEST_CASE("a hold passes by the ratio, or by the canary's own rate, or not at all", "[analysis]") {
    // Without any error the ratio says nothing, the rate does.
    CHECK(end_of_hold({500, 0}, {4500, 0}) == Answer::pass);
    CHECK(end_of_hold({100, 0}, {900, 0}) == Answer::inconclusive);
    // 5 % errors on both sides are above `max`, but surely not 1.5 times apart.
    CHECK(end_of_hold({20000, 1000}, {180000, 9000}) == Answer::pass);
    CHECK(end_of_hold({200, 10}, {1800, 90}) == Answer::inconclusive);
    CHECK(end_of_hold({49, 0}, {1000000, 0}) == Answer::inconclusive);
    CHECK(end_of_hold({0, 0}, {0, 0}) == Answer::inconclusive);
}

TEST_CASE("a much better canary is promoted early, one without samples is not", "[analysis]") {
    CHECK(promotes_early(after_one({5000, 50}, {5000, 50}), {}) == false);
    CHECK(promotes_early(after_one({20000, 200}, {20000, 200}), {}));
    CHECK_FALSE(promotes_early(after_one({0, 0}, {0, 0}), {}));
    RateSettings many;
    many.min_samples = 1e9;
    CHECK_FALSE(promotes_early(after_one({20000, 200}, {20000, 200}), many));
}

TEST_CASE(
    "a look with requests on one side only compares nothing, but counts for its own rate",
    "[analysis]"
) {
    auto test = make_rate_test({});
    CHECK(take(test, {{100, 100}, {0, 0}}) == Taken::one_sided);
    CHECK(take(test, {{0, 0}, {100, 0}}) == Taken::one_sided);
    CHECK(take(test, {{0, 0}, {0, 0}}) == Taken::one_sided);
    CHECK(test.most_worse == 0);
    CHECK(test.canary == Counts{100, 100});
    CHECK(take(test, {{10, 0}, {10, 0}}) == Taken::compared);
}

TEST_CASE("an unsound look changes nothing", "[analysis]") {
    const auto before = to_value(make_rate_test({}));
    for (const auto& bad :
         {Counts{10, 11},
          Counts{-1, 0},
          Counts{10, -1},
          Counts{NAN, 0},
          Counts{10, NAN},
          Counts{INFINITY, 1}}) {
        auto test = make_rate_test({});
        CHECK(take(test, {bad, {10, 1}}) == Taken::unsound);
        CHECK(take(test, {{10, 1}, bad}) == Taken::unsound);
        CHECK(to_value(test) == before);
    }
    auto test = make_rate_test({});
    CHECK(take(test, {{10, 1}, {10, 1}}, 0.5) == Taken::unsound);
    CHECK(take(test, {{10, 1}, {10, 1}}, NAN) == Taken::unsound);
}

TEST_CASE("bounds of the ratio hold the true one, and close around it", "[analysis]") {
    const auto few = ratio_bounds(after_one({1000, 10}, {9000, 90}), 0.01);
    const auto many = ratio_bounds(after_one({1e6, 1e4}, {9e6, 9e4}), 0.01);
    CHECK(few.low < 1);
    CHECK(few.high > 1);
    CHECK(many.low > few.low);
    CHECK(many.low < 1);
    CHECK(many.high < few.high);
    CHECK(many.high > 1);
    CHECK(many.high < 1.1);
    const auto nothing = ratio_bounds(make_rate_test({}), 0.01);
    CHECK(nothing.low == 0);
    CHECK(std::isinf(nothing.high));
    CHECK(ratio_bounds(after_one({1000, 0}, {1000, 30}), 0.01).low == 0);
    CHECK(std::isinf(ratio_bounds(after_one({1000, 30}, {1000, 0}), 0.01).high));
}

TEST_CASE("bounds of the ratio hold the true one at every look, in 99 of 100 runs", "[analysis]") {
    std::mt19937_64 random(7);
    int left = 0;
    constexpr int runs = 400;
    for (int run = 0; run < runs; ++run) {
        auto test = make_rate_test({});
        bool was_inside = true;
        for (int look = 0; look < 60; ++look) {
            const double canary = std::binomial_distribution<int>(100, 0.04)(random);
            const double baseline = std::binomial_distribution<int>(400, 0.02)(random);
            take(test, {{100, canary}, {400, baseline}});
            const auto bounds = ratio_bounds(test, 0.01);
            was_inside = was_inside && bounds.low <= 2 && bounds.high >= 2;
        }
        left += was_inside ? 0 : 1;
    }
    CHECK(left <= runs * 3 / 100);
}

TEST_CASE("widening weakens evidence and widens bounds", "[analysis]") {
    auto plain = make_rate_test({});
    auto wide = make_rate_test({});
    take(plain, {{400, 10}, {3600, 18}});
    take(wide, {{400, 10}, {3600, 18}}, 3);
    CHECK(wide.most_worse < plain.most_worse);
    CHECK_FALSE(aborts(wide, {}));
    CHECK(ratio_bounds(wide, 0.01).high > ratio_bounds(plain, 0.01).high);
}

TEST_CASE("extremes stay numbers: all errors, 1e12 requests, one request", "[analysis]") {
    for (const auto& [canary, baseline] : std::vector<std::pair<Counts, Counts>>{
             {{1e12, 1e12}, {1e12, 1e12}},
             {{1e12, 1e12}, {1e12, 0}},
             {{1e12, 0}, {1e12, 1e12}},
             {{1, 1}, {1e12, 1e12}},
             {{1e12, 5e9}, {9e12, 4.5e10}},
             {{1, 0}, {1, 0}},
         }) {
        const auto test = after_one(canary, baseline);
        CHECK(std::isfinite(test.most_worse));
        CHECK(std::isfinite(test.most_fine));
        const auto bounds = ratio_bounds(test, 0.01);
        CHECK(bounds.low <= bounds.high);
        CHECK(bounds.low >= 0);
        CHECK_FALSE(judge_hold(test, {}).reason.empty());
    }
    CHECK_FALSE(aborts(after_one({1e12, 1e12}, {1e12, 1e12}), {}));
    CHECK(aborts(after_one({1e12, 1e12}, {1e12, 0}), {}));
    CHECK(end_of_hold({1e12, 5e9}, {9e12, 4.5e10}) == Answer::pass);
}

TEST_CASE("the state comes back from JSON as it was, and is small", "[analysis]") {
    std::mt19937_64 random(3);
    auto test = make_rate_test({});
    for (int look = 0; look < 1000; ++look) {
        const double canary = std::binomial_distribution<int>(97, 0.013)(random);
        const double baseline = std::binomial_distribution<int>(913, 0.011)(random);
        take(test, {{97, canary}, {913, baseline}}, 1.25);
    }
    const auto text = documents::write_json(to_value(test));
    CHECK(text.size() < 10000);
    const auto read = read_rate_test(documents::read_json(text));
    REQUIRE(read);
    CHECK(read->worse == test.worse);
    CHECK(read->fine == test.fine);
    CHECK(read->range == test.range);
    CHECK(read->canary == test.canary);
    CHECK(read->most_worse == test.most_worse);
    CHECK(read->widening == 1.25);
}

TEST_CASE("what another shape wrote is not taken for a state", "[analysis]") {
    const auto good = to_value(after_one({400, 10}, {3600, 18}));
    CHECK(read_rate_test(good));
    CHECK_FALSE(read_rate_test(Value()));
    for (const auto* place :
         {"/worse/costs", "/fine/ratios", "/range", "/canary/events", "/widening", "/mostWorse"}) {
        auto broken = good;
        broken.erase(place);
        CHECK_FALSE(read_rate_test(broken));
    }
}

TEST_CASE("a thousand tests take a look each in ten milliseconds", "[analysis]") {
    std::vector<RateTest> tests(1000, make_rate_test({}));
    for (auto& test : tests) {
        take(test, {{100, 1}, {900, 5}});
    }
    double least = 1e9;
    for (int round = 0; round < 5; ++round) {  // the quietest, whatever else the machine does
        const auto start = std::chrono::steady_clock::now();
        for (auto& test : tests) {
            take(test, {{100, 1}, {900, 5}});
        }
        const auto end = std::chrono::steady_clock::now();
        least = std::min(least, std::chrono::duration<double, std::milli>(end - start).count());
    }
    INFO("1000 tests in " << least << " ms");
#ifdef NDEBUG
    CHECK(least <= 10);
#else
    CHECK(least <= 1000);
#endif
}
