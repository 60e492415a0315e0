// SPDX-License-Identifier: Apache-2.0
#include "analysis/ratio_curve.hpp"

#include "analysis/rate_test.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

using namespace deployctl::analysis;

namespace {

double choose(int n, int k) {
    return std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1));
}

double evidence(const RatioCurve& curve) {
    return std::exp(log_evidence_against_first(curve, 1));
}

}  // namespace

TEST_CASE("one event is worth what the formula says", "[analysis]") {
    auto curve = make_curve({1, 2});
    add(curve, 3, 5, 0.1);
    const double q = 0.2 / 1.1;
    CHECK(log_likelihood(curve, 0) == 0);
    CHECK(log_likelihood(curve, 1) == Approx(3 * std::log(q / 0.1) + 5 * std::log((1 - q) / 0.9)));
}

TEST_CASE("evidence against a true null is 1 on average, over looks of any share", "[analysis]") {
    double expected = 0;
    for (int first = 0; first <= 6; ++first) {
        for (int second = 0; second <= 9; ++second) {
            auto curve = make_curve(worse_ratios());
            add(curve, first, 6 - first, 0.1);
            add(curve, second, 9 - second, 0.4);
            const double chance = choose(6, first) * std::pow(0.1, first) *
                                  std::pow(0.9, 6 - first) * choose(9, second) *
                                  std::pow(0.4, second) * std::pow(0.6, 9 - second);
            CHECK(evidence(curve) >= 0);
            expected += chance * evidence(curve);
        }
    }
    CHECK(expected == Approx(1).epsilon(1e-12));
}

TEST_CASE("where events are common, it is less than 1 on average (Hoeffding 1963)", "[analysis]") {
    const int canary = 5;
    const int baseline = 15;
    const int events = 12;
    double expected = 0;
    for (int hits = 0; hits <= canary; ++hits) {
        auto curve = make_curve(worse_ratios());
        add(curve, hits, events - hits, 0.25);
        const double chance = choose(canary, hits) * choose(baseline, events - hits) /
                              choose(canary + baseline, events);
        expected += chance * evidence(curve);
    }
    CHECK(expected < 1);
    CHECK(expected > 0.4);
}

TEST_CASE(
    "looked at after every event, a true null is given up in alpha of all cases at most",
    "[analysis]"
) {
    constexpr int events = 18;
    const double share = 0.3;
    double given_up = 0;
    for (unsigned path = 0; path < 1U << events; ++path) {
        auto curve = make_curve({1, 1.5, 3, 10});
        double chance = 1;
        double most = 0;
        for (int i = 0; i < events; ++i) {
            const bool is_hit = (path >> i & 1U) != 0;
            add(curve, is_hit, !is_hit, share);
            chance *= is_hit ? share : 1 - share;
            most = std::max(most, log_evidence_against_first(curve, 1));
        }
        given_up += most >= std::log(10.0) ? chance : 0;
    }
    CHECK(given_up <= 0.1);
    CHECK(given_up > 0.01);
}

TEST_CASE("only sums matter: looks of one share may be joined", "[analysis]") {
    auto one = make_curve(worse_ratios());
    auto other = make_curve(worse_ratios());
    add(one, 2, 3, 0.2);
    add(one, 1, 7, 0.2);
    add(other, 3, 10, 0.2);
    for (std::size_t i = 0; i < one.ratios.size(); ++i) {
        CHECK(log_likelihood(one, i) == Approx(log_likelihood(other, i)));
    }
}
