// SPDX-License-Identifier: Apache-2.0
// Expected numbers: R's help of wilcox.test (permeability of membranes, Hollander & Wolfe 1973) and
// SciPy 1.17's stats.mannwhitneyu; probabilities of U by exact counting with whole numbers.
#include "analysis/rank_sum.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>

using namespace deployctl::analysis;

namespace {

const std::vector<double> at_term{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
const std::vector<double> early{1.15, 0.88, 0.90, 0.74, 1.21};

}  // namespace

TEST_CASE("the example of Hollander and Wolfe comes out as in R", "[analysis]") {
    const auto found = rank_sum(early, at_term, 0.95);
    CHECK(found.is_exact);
    CHECK(found.u == 35);
    CHECK(found.p == Approx(0.2544122544122544).epsilon(1e-12));
    CHECK(found.shift == Approx(0.305));
    CHECK(found.low == Approx(-0.15));
    CHECK(found.high == Approx(0.76));
    CHECK(rank_sum(early, at_term, 0.98).low == Approx(-0.17));
    CHECK(rank_sum(early, at_term, 0.98).high == Approx(0.9));
}

TEST_CASE("the distribution of U is exact", "[analysis]") {
    CHECK(rank_sum_cdf(0, 5, 5) == Approx(1.0 / 252).epsilon(1e-12));
    CHECK(rank_sum_cdf(2, 5, 5) == Approx(4.0 / 252).epsilon(1e-12));
    CHECK(rank_sum_cdf(23, 10, 10) == Approx(0.02162852627248912).epsilon(1e-12));
    CHECK(rank_sum_cdf(127, 20, 20) == Approx(0.02454516259468622).epsilon(1e-12));
    CHECK(rank_sum_cdf(1000, 50, 50) == Approx(0.042725607759135885).epsilon(1e-12));
    CHECK(rank_sum_cdf(50, 10, 5) == Approx(1).epsilon(1e-12));
    CHECK(rank_sum_cdf(-1, 5, 5) == 0);
}

TEST_CASE("with ties the normal approximation is corrected twice", "[analysis]") {
    const auto found =
        rank_sum({3, 4, 5, 5, 6, 6, 7, 9, 9, 10, 12}, {1, 2, 2, 3, 3, 3, 4, 5, 5, 9}, 0.98);
    CHECK_FALSE(found.is_exact);
    CHECK(found.u == 17);
    CHECK(found.p == Approx(0.00771881617217353).epsilon(1e-9));
    CHECK(found.shift == -3);
}

TEST_CASE("a shift moves estimate and interval by itself, a swap turns them", "[analysis]") {
    std::mt19937_64 random(4);
    std::vector<double> one(30);
    std::vector<double> other(40);
    std::ranges::generate(one, [&] { return std::normal_distribution(0.0, 1.0)(random); });
    std::ranges::generate(other, [&] { return std::normal_distribution(0.0, 1.0)(random); });
    const auto plain = rank_sum(one, other, 0.98);
    auto moved = other;
    std::ranges::for_each(moved, [](double& value) { value += 8; });
    const auto shifted = rank_sum(one, moved, 0.98);
    CHECK(shifted.shift == Approx(plain.shift + 8));
    CHECK(shifted.low == Approx(plain.low + 8));
    CHECK(shifted.high == Approx(plain.high + 8));
    const auto swapped = rank_sum(other, one, 0.98);
    CHECK(swapped.p == Approx(plain.p));
    CHECK(swapped.shift == Approx(-plain.shift));
    CHECK(swapped.low == Approx(-plain.high));
    CHECK(swapped.high == Approx(-plain.low));
}

TEST_CASE("values of 1e-9 give the same as values of 1", "[analysis]") {
    std::vector<double> tiny_early = early;
    std::vector<double> tiny_term = at_term;
    std::ranges::for_each(tiny_early, [](double& value) { value *= 1e-9; });
    std::ranges::for_each(tiny_term, [](double& value) { value *= 1e-9; });
    const auto found = rank_sum(tiny_early, tiny_term, 0.95);
    CHECK(found.low == Approx(-0.15e-9));
    CHECK(found.high == Approx(0.76e-9));
}

TEST_CASE("the interval is made of the sorted differences", "[analysis]") {
    std::mt19937_64 random(9);
    for (int round = 0; round < 50; ++round) {
        std::vector<double> one(8);
        std::vector<double> other(7);
        std::ranges::generate(one, [&] { return std::normal_distribution(0.0, 5.0)(random); });
        std::ranges::generate(other, [&] { return std::normal_distribution(1.0, 5.0)(random); });
        std::vector<double> differences;
        for (const double x : other) {
            for (const double y : one) {
                differences.push_back(x - y);
            }
        }
        std::ranges::sort(differences);
        const auto found = rank_sum(one, other, 0.95);
        // R: qwilcox(0.025, 7, 8) is 11.
        CHECK(found.low == differences[10]);
        CHECK(found.high == differences[56 - 11]);
        CHECK(found.shift == Approx((differences[27] + differences[28]) / 2));
    }
}

TEST_CASE("too few values bound nothing, equal ones differ by nothing", "[analysis]") {
    const auto few = rank_sum({1, 2}, {5, 6}, 0.98);
    CHECK(few.low == -INFINITY);
    CHECK(few.high == INFINITY);
    CHECK(few.p == Approx(1.0 / 3));
    const auto same = rank_sum({2, 2, 2, 2, 2}, {2, 2, 2, 2, 2}, 0.98);
    CHECK(same.p == 1);
    CHECK(same.shift == 0);
}

TEST_CASE("ten thousand values a side need no square of memory", "[analysis]") {
    std::vector<double> one(10000);
    std::vector<double> other(10000);
    for (std::size_t i = 0; i < one.size(); ++i) {
        one[i] = static_cast<double>(i);
        other[i] = static_cast<double>(i) + 100.5;
    }
    CHECK(rank_sum(one, other, 0.98).shift == Approx(100.5).margin(1));
}
