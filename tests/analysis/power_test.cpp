// SPDX-License-Identifier: Apache-2.0
#include "analysis/power.hpp"

#include "analysis/frozen_baseline.hpp"
#include "analysis/rate_test.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using namespace deployctl;
using namespace deployctl::analysis;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

/// The share of simulated holds that abort, looked at sixty times.
double simulated_power(const Traffic& traffic, double ratio, double alpha) {
    std::mt19937_64 random(12);
    RateSettings settings;
    settings.alpha = alpha;
    constexpr int holds = 400;
    constexpr int looks = 60;
    const int canary = static_cast<int>(traffic.requests * traffic.share / looks);
    const int baseline = static_cast<int>(traffic.requests * (1 - traffic.share) / looks);
    int aborted = 0;
    for (int hold = 0; hold < holds; ++hold) {
        auto test = make_rate_test(settings);
        for (int look = 0; look < looks; ++look) {
            const int bad = std::binomial_distribution(canary, traffic.base_rate * ratio)(random);
            const int usual = std::binomial_distribution(baseline, traffic.base_rate)(random);
            take(test, {{double(canary), double(bad)}, {double(baseline), double(usual)}});
        }
        aborted += aborts(test, settings) ? 1 : 0;
    }
    return static_cast<double>(aborted) / holds;
}

}  // namespace

TEST_CASE("Wald's bound is the one of the comparison table", "[analysis]") {
    CHECK(wald_requests({1, 0.1, 0.005}, 2, 0.01) == Approx(2726).margin(1));
    CHECK(wald_requests({1, 0.1, 0.005}, 5, 0.01) == Approx(276).margin(1));
    CHECK(wald_requests({1, 0.1, 0.0005}, 10, 0.01) == Approx(850).margin(1));
    CHECK(wald_requests({1, 0.5, 0.005}, 1.5, 0.01) == Approx(18297).margin(1));
    CHECK(std::isinf(wald_events(1, 0.1, 0.01)));
}

TEST_CASE(
    "the smallest ratio is seen by nine of ten simulated holds, or a few more", "[analysis]"
) {
    for (const auto& traffic :
         {Traffic{60000, 0.05, 0.005}, Traffic{60000, 0.5, 0.005}, Traffic{12000, 0.1, 0.001}}) {
        const auto ratio = smallest_ratio(traffic, 0.01);
        REQUIRE(ratio);
        CHECK(power(traffic, *ratio, 0.01) == Approx(0.9).margin(0.01));
        const double seen = simulated_power(traffic, *ratio, 0.01);
        CHECK(seen >= 0.86);
        CHECK(seen <= 0.97);
    }
}

TEST_CASE("alone, the smallest ratio is seen by nine of ten simulated holds", "[analysis]") {
    const Counts before{60000, 300};
    const auto ratio = smallest_ratio_alone(before, 60000, 0.005);
    REQUIRE(ratio);
    std::mt19937_64 random(7);
    std::poisson_distribution<int> events(60000 * 0.005 * *ratio);
    int seen = 0;
    for (int i = 0; i < 2000; ++i) {
        auto test = make_frozen_test(before, 0.005);
        take(*test, {60000, static_cast<double>(events(random))});
        seen += aborts(*test) ? 1 : 0;
    }
    CHECK(seen >= 1740);
    CHECK(seen <= 1920);
    CHECK(*smallest_ratio_alone(before, 6000, 0.005) > *ratio);
    CHECK_FALSE(smallest_ratio_alone(before, 1, 0.005));
    CHECK_FALSE(smallest_ratio_alone({0, 0}, 60000, 0.005));
    CHECK_FALSE(smallest_ratio_alone(before, NAN, 0.005));
}

TEST_CASE("more traffic, a larger share and more alpha see smaller ratios", "[analysis]") {
    const auto seen = [](double requests, double share, double alpha) {
        return *smallest_ratio({requests, share, 0.005}, alpha);
    };
    CHECK(seen(60000, 0.1, 0.01) < seen(20000, 0.1, 0.01));
    CHECK(seen(60000, 0.2, 0.01) < seen(60000, 0.1, 0.01));
    CHECK(seen(60000, 0.1, 0.05) < seen(60000, 0.1, 0.01));
    CHECK(seen(1e12, 0.1, 0.01) < 1.2);
}

TEST_CASE("where nothing can be seen, that is said", "[analysis]") {
    CHECK_FALSE(smallest_ratio({20, 0.05, 0.005}, 0.01));
    CHECK_FALSE(smallest_ratio({60000, 0.05, 0}, 0.01));
    CHECK_FALSE(smallest_ratio({60000, 1, 0.005}, 0.01));
    CHECK_FALSE(smallest_ratio({NAN, 0.1, 0.005}, 0.01));
    CHECK(power({0, 0.1, 0.005}, 5, 0.01) == 0);
    CHECK(
        sight_told({20, 0.05, 0.005}, minutes(10), 0.01) ==
        "at 5% for 10m (about 1 requests): sees no worse rate, there are too few"
    );
    CHECK(
        sight_told({60000, 0.05, 0}, minutes(10), 0.01) ==
        "at 5% for 10m: nothing is known of the traffic"
    );
}

TEST_CASE("the plan's sentence has weight, hold, ratio and power", "[analysis]") {
    CHECK(
        sight_told({60000, 0.05, 0.005}, minutes(10), 0.01, "error rate") ==
        "at 5% for 10m (about 3000 requests): sees a 2.7x worse error rate with 90% power"
    );
}

TEST_CASE(
    "steps are proposed that can see the wanted ratio, each no longer than it must", "[analysis]"
) {
    const auto steps = propose_steps({100, 0, 0.005}, 2, 0.01, hours(2));
    REQUIRE(steps.size() >= 3);
    for (const auto& step : steps) {
        const double seconds = std::chrono::duration<double>(step.hold).count();
        CHECK(power({100 * seconds, step.share, 0.005}, 2, 0.01) >= wanted_power);
        CHECK(step.hold <= Duration(hours(2)));
    }
    CHECK(steps.back().hold < steps.front().hold);
    CHECK(steps.back().share == 0.5);
    CHECK(propose_steps({0.01, 0, 0.005}, 2, 0.01, hours(24)).empty());
    CHECK_FALSE(shortest_hold({0.01, 0.05, 0.005}, 2, 0.01));
}

TEST_CASE("Wald's bound of two versions is at the ratio that was seen", "[analysis]") {
    const auto bound = wald_requests(Counts{1'000, 10}, Counts{9'000, 45}, 0.01);
    REQUIRE(bound);
    CHECK(*bound == Approx(wald_requests({1, 0.1, 0.005}, 2, 0.01)));
    CHECK_FALSE(wald_requests(Counts{1'000, 5}, Counts{9'000, 45}, 0.01));
    CHECK_FALSE(wald_requests(Counts{1'000, 5}, Counts{}, 0.01));
}

TEST_CASE("a baseline without events is the limit of ever larger ratios", "[analysis]") {
    const auto bound = wald_requests(Counts{1'000, 50}, Counts{9'000, 0}, 0.01);
    REQUIRE(bound);
    CHECK(*bound == Approx(wald_requests({1, 0.1, 0.05e-9}, 1e9, 0.01)).epsilon(0.001));
    CHECK(*bound == Approx(40));  // two events, each evidence of ten to one
}
