// SPDX-License-Identifier: Apache-2.0
#include "analysis/trend.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <random>

using namespace deployctl;
using namespace deployctl::analysis;

namespace {

constexpr int in_block = 12;

using Shape = std::function<double(double seconds)>;

std::vector<Sample> block(int number, const Shape& shape) {
    std::vector<Sample> samples;
    for (int i = 0; i < in_block; ++i) {
        const double seconds = 10.0 * (number * in_block + i);
        samples.push_back({seconds, shape(seconds)});
    }
    return samples;
}

Trend trend_of(int blocks, const Shape& shape) {
    auto trend = make_trend();
    for (int number = 0; number < blocks; ++number) {
        take(trend, block(number, shape));
    }
    return trend;
}

double sawtooth(double seconds) {
    return 100 + std::fmod(seconds, 700) / 7;
}

}  // namespace

TEST_CASE("a gauge that rises steadily fails after nine blocks, a flat one passes", "[analysis]") {
    const auto rising = [](double seconds) { return 100 + seconds; };
    CHECK(judge(trend_of(4, rising), {}).answer == Answer::inconclusive);
    CHECK(judge(trend_of(8, rising), {}).answer == Answer::inconclusive);
    CHECK(judge(trend_of(9, rising), {}).answer == Answer::fail);
    CHECK(judge(trend_of(9, [](double) { return 100; }), {}).answer == Answer::pass);
    CHECK(judge(trend_of(9, [](double seconds) { return -seconds; }), {}).answer == Answer::pass);
    CHECK(
        judge(trend_of(9, rising), {0.01, 2, 5}).reason ==
        "1 a second, limit 2; 9 blocks rise and 0 fall (evidence 177 to 1)"
    );
    CHECK(judge(trend_of(9, rising), {0.01, 2, 5}).answer == Answer::pass);
}

TEST_CASE("noise without a trend fails in alpha of all runs at most", "[analysis]") {
    std::mt19937_64 random(6);
    int failed = 0;
    for (int run = 0; run < 200; ++run) {
        auto trend = make_trend();
        bool has_failed = false;
        for (int number = 0; number < 40; ++number) {
            take(trend, block(number, [&](double) {
                     return std::normal_distribution(0.0, 1.0)(random);
                 }));
            has_failed = has_failed || judge(trend, {}).answer == Answer::fail;
        }
        failed += has_failed ? 1 : 0;
    }
    CHECK(failed <= 6);
}

TEST_CASE("a leak beside a baseline with the same teeth is seen, the teeth are not", "[analysis]") {
    std::mt19937_64 random(8);
    const auto noisy = [&](double seconds) {
        return sawtooth(seconds) + std::normal_distribution(0.0, 2.0)(random);
    };
    auto same = make_trend();
    auto leaking = make_trend();
    for (int number = 0; number < 30; ++number) {
        take(same, block(number, noisy), block(number, noisy));
        take(
            leaking,
            block(number, [&](double seconds) { return noisy(seconds) + seconds / 20; }),
            block(number, noisy)
        );
    }
    CHECK(judge(same, {}).answer != Answer::fail);
    CHECK(judge(leaking, {}).answer == Answer::fail);
}

TEST_CASE("a block of too few samples, or of NaN, is not taken", "[analysis]") {
    auto trend = make_trend();
    CHECK_FALSE(take(trend, {}));
    CHECK_FALSE(take(trend, block(0, [](double) { return NAN; })));
    const auto nine = block(0, sawtooth);
    CHECK_FALSE(take(trend, std::span(nine).first(9)));
    CHECK_FALSE(take(trend, block(0, sawtooth), {}));
    CHECK(trend.blocks.empty());
    CHECK(judge(trend, {}).answer == Answer::inconclusive);
}

TEST_CASE("the state stays small, and the slope what it was", "[analysis]") {
    const auto trend = trend_of(5000, [](double seconds) { return 3 * seconds; });
    CHECK(trend.blocks.size() <= most_blocks_kept);
    CHECK(theil_sen(trend.blocks)->slope == Approx(3));
    CHECK(trend.signs.hits == 5000);
}
