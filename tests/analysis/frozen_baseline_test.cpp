// SPDX-License-Identifier: Apache-2.0
#include "analysis/frozen_baseline.hpp"

#include "analysis/proportion.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace deployctl::analysis;

TEST_CASE("the baseline's upper bound takes half of alpha, the test the other", "[analysis]") {
    const auto test = make_frozen_test({10000, 50}, 0.01);
    REQUIRE(test);
    CHECK(test->assumed_rate == bounds_of(Counts{10000, 50}, 0.005).high);
    CHECK(test->alpha == 0.005);
}

TEST_CASE(
    "a canary far above the frozen baseline is aborted, one below its bound never", "[analysis]"
) {
    auto bad = *make_frozen_test({10000, 50}, 0.01);
    CHECK(take(bad, {500, 25}) == Taken::compared);
    CHECK(aborts(bad));
    auto good = *make_frozen_test({10000, 50}, 0.01);
    take(good, {1e9, 5e6});
    CHECK_FALSE(aborts(good));
}

TEST_CASE("a baseline that says nothing gives no test", "[analysis]") {
    CHECK_FALSE(make_frozen_test({0, 0}, 0.01));
    CHECK_FALSE(make_frozen_test({10, 10}, 0.01));
    CHECK_FALSE(make_frozen_test({10, 11}, 0.01));
    auto test = *make_frozen_test({100, 0}, 0.01);
    CHECK(take(test, {0, 0}) == Taken::one_sided);
    CHECK(take(test, {1, 2}) == Taken::unsound);
    CHECK(test.most_worse == 0);
}

TEST_CASE("as good as the baseline, it is aborted in alpha of all runs at most", "[analysis]") {
    std::mt19937_64 random(5);
    int aborted = 0;
    for (int run = 0; run < 1000; ++run) {
        const double before = std::binomial_distribution<int>(3000, 0.01)(random);
        auto test = *make_frozen_test({3000, before}, 0.01);
        for (int look = 0; look < 30; ++look) {
            take(
                test, {200, static_cast<double>(std::binomial_distribution<int>(200, 0.01)(random))}
            );
        }
        aborted += aborts(test) ? 1 : 0;
    }
    CHECK(aborted <= 15);
}
