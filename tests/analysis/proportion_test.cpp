// SPDX-License-Identifier: Apache-2.0
// Expected bounds: the same mixture solved by SciPy 1.17 (special.betaln, optimize.brentq).
#include "analysis/proportion.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace deployctl::analysis;

TEST_CASE("bounds of a rate are those of an independent solution", "[analysis]") {
    const auto near = [](const Counts& counts, double low, double high) {
        const auto bounds = bounds_of(counts, 0.01);
        CHECK(bounds.low == Approx(low).margin(1e-12));
        CHECK(bounds.high == Approx(high).epsilon(1e-9));
    };
    near({500, 0}, 0, 0.012755976133291023);
    near({50, 0}, 0, 0.10487068329079442);
    near({1000, 5}, 0.000546152906378947, 0.017927278806107127);
    near({1000, 500}, 0.43329877079403406, 0.5667012292059659);
    near({1000, 1000}, 0.9907186551103274, 1);
    near({10000, 50}, 0.002709329494648923, 0.008310588843507561);
}

TEST_CASE("without requests any rate is possible, with 1e12 hardly another", "[analysis]") {
    CHECK(bounds_of({}, 0.01).low == 0);
    CHECK(bounds_of({}, 0.01).high == 1);
    const auto sharp = bounds_of({1e12, 5e9}, 0.01);
    CHECK(sharp.low < 0.005);
    CHECK(sharp.low > 0.004999);
    CHECK(sharp.high > 0.005);
    CHECK(sharp.high < 0.005001);
}

TEST_CASE("the true rate stays inside at every look, in 99 of 100 runs", "[analysis]") {
    std::mt19937_64 random(11);
    constexpr int runs = 500;
    int left = 0;
    for (int run = 0; run < runs; ++run) {
        Counts counts;
        bool was_inside = true;
        for (int look = 0; look < 50; ++look) {
            counts += {40, static_cast<double>(std::binomial_distribution<int>(40, 0.01)(random))};
            const auto bounds = bounds_of(counts, 0.01);
            was_inside = was_inside && bounds.low <= 0.01 && bounds.high >= 0.01;
        }
        left += was_inside ? 0 : 1;
    }
    CHECK(left <= runs * 3 / 100);
}

TEST_CASE("widened bounds contain the plain ones", "[analysis]") {
    const auto plain = bounds_of({1000, 20}, 0.01);
    const auto wide = bounds_of({1000, 20}, 0.01, 4);
    CHECK(wide.low < plain.low);
    CHECK(wide.high > plain.high);
    CHECK(wide.high == Approx(bounds_of({250, 5}, 0.01).high));
}
