// SPDX-License-Identifier: Apache-2.0
#include "analysis/dispersion.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <vector>

using namespace deployctl::analysis;

namespace {

std::vector<Counts> pods(std::initializer_list<double> events) {
    std::vector<Counts> all;
    for (const auto count : events) {
        all.push_back({1000, count});
    }
    return all;
}

}  // namespace

TEST_CASE("Pearson's statistic is summed within each version", "[analysis]") {
    // 10, 20, 30 of 1000: rate 0.02, misses 100 + 0 + 100 over 19.6. The other side is even.
    const auto found = dispersion_of(pods({10, 20, 30}), pods({5, 5, 5}));
    CHECK(found.degrees == 4);
    CHECK(found.factor == Approx(200 / 19.6 / 4));
    CHECK(found.widening > found.factor);
}

TEST_CASE("pods that differ by chance only leave the evidence as it is", "[analysis]") {
    CHECK(dispersion_of(pods({18, 20, 23}), pods({18, 22, 21, 19})).widening == 1);
    CHECK(dispersion_of(pods({20}), pods({19, 21})).widening == 1);
}

TEST_CASE("one pod a side, no events or only events say nothing", "[analysis]") {
    CHECK(dispersion_of(pods({20}), pods({900})).degrees == 0);
    CHECK(dispersion_of(pods({0, 0}), pods({0, 0, 0})).widening == 1);
    CHECK(dispersion_of(pods({1000, 1000}), {}).widening == 1);
    CHECK(dispersion_of({}, {}).widening == 1);
    const std::vector<Counts> hardly{{0, 0}, {1000, 20}, {0, 0}};
    CHECK(dispersion_of(hardly, {}).degrees == 0);
}

TEST_CASE("healthy pods are widened in 15 of 100 cases", "[analysis]") {
    std::mt19937_64 random(2);
    int widened = 0;
    for (int run = 0; run < 2000; ++run) {
        std::vector<Counts> all;
        for (int pod = 0; pod < 9; ++pod) {
            all.push_back({2000, double(std::binomial_distribution<int>(2000, 0.01)(random))});
        }
        widened += dispersion_of({}, all).widening > 1 ? 1 : 0;
    }
    CHECK(widened > 200);
    CHECK(widened < 400);
}

TEST_CASE("events that share a pod in one look are seen as clumps, others are not", "[analysis]") {
    Clumps scattered;
    take(scattered, pods({1, 1, 1, 1}));
    CHECK(scattered.excess == Approx(-3));  // 12 ordered pairs, of which a quarter by chance
    CHECK(widening_of(scattered) == 1);
    Clumps clumped;
    for (int look = 0; look < 20; ++look) {
        take(clumped, pods({3, 0, 0, 0}));
        take(clumped, pods({0, 0, 3, 0}));
    }
    // 6 ordered pairs a look instead of 1.5, over 3 events x 3/4: a factor of 3.
    CHECK(clumped.excess / clumped.scale == Approx(2));
    CHECK(widening_of(clumped) > 3);
    CHECK(widening_of(clumped) < 5);
}

TEST_CASE("a pod by itself, a look without events, or an unsound one is no clump", "[analysis]") {
    Clumps clumps;
    take(clumps, pods({50}));
    take(clumps, pods({0, 0, 0}));
    take(clumps, {});
    const std::vector<Counts> broken{{10, 11}, {100, 5}};
    take(clumps, broken);
    CHECK(clumps.excess == 0);
    CHECK(widening_of(clumps) == 1);
}

TEST_CASE("a common rise of the rate is neither dispersion nor clumps", "[analysis]") {
    std::mt19937_64 random(21);
    Clumps clumps;
    for (int look = 0; look < 200; ++look) {
        const double rate = look % 50 == 0 ? 0.5 : 0.01;
        std::vector<Counts> all;
        for (int pod = 0; pod < 5; ++pod) {
            all.push_back({100, double(std::binomial_distribution<int>(100, rate)(random))});
        }
        take(clumps, all);
    }
    CHECK(widening_of(clumps) < 1.5);
}
