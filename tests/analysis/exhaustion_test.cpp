// SPDX-License-Identifier: Apache-2.0
#include "analysis/exhaustion.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

using namespace deployctl;
using namespace deployctl::analysis;

namespace {

std::vector<Sample> line(double start, double slope, int count = 20) {
    std::vector<Sample> samples;
    for (int i = 0; i < count; ++i) {
        samples.push_back({10.0 * i, start + slope * 10 * i});
    }
    return samples;
}

ExhaustionJudgement judged(const std::vector<Sample>& samples) {
    return judge(samples, {1000, std::chrono::minutes(15)});
}

}  // namespace

TEST_CASE("fails where the limit is reached within the time", "[analysis]") {
    const auto soon = judged(line(100, 1));
    CHECK(soon.answer == Answer::fail);
    CHECK(*soon.seconds_left == Approx(710));
    CHECK(soon.reason == "290 of 1000, 1 a second: the limit is reached in 11m50s");
    CHECK(judged(line(100, 0.5)).answer == Answer::pass);
    CHECK(*judged(line(100, 0.5)).seconds_left == Approx(1610));
}

TEST_CASE("flat or falling is not on its way, above the limit is there", "[analysis]") {
    CHECK(judged(line(100, 0)).answer == Answer::pass);
    CHECK_FALSE(judged(line(100, -1)).seconds_left);
    CHECK(judged(line(1001, -0.001)).answer == Answer::fail);
    CHECK(judged(line(0, 1e-300)).answer == Answer::pass);
}

TEST_CASE("too few samples say nothing", "[analysis]") {
    CHECK(judged(line(100, 1, 9)).answer == Answer::inconclusive);
    CHECK(judged({}).answer == Answer::inconclusive);
    auto broken = line(100, 1, 12);
    for (int i = 0; i < 5; ++i) {
        broken[static_cast<std::size_t>(i)].value = NAN;
    }
    CHECK(judged(broken).answer == Answer::inconclusive);
}
