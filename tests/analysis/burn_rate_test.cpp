// SPDX-License-Identifier: Apache-2.0
// Rates and factors: The Site Reliability Workbook (2018), chapter 5, for 99.9 % over 30 days.
#include "analysis/burn_rate.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::analysis;

namespace {

Answer judged(const WindowCounts& hour, const WindowCounts& quarter_day) {
    return judge_burn(usual_windows(), {hour, quarter_day}, 0.999).answer;
}

const WindowCounts calm{{100000, 50}, {10000, 5}};
const WindowCounts burning{{100000, 1450}, {10000, 145}};

}  // namespace

TEST_CASE("one in a thousand spends a budget of one in a thousand at rate 1", "[analysis]") {
    CHECK(*burn_rate({1000, 1}, 0.999) == Approx(1));
    CHECK(*burn_rate({1000, 10}, 0.999) == Approx(10));
    CHECK(*burn_rate({1000, 0}, 0.999) == 0);
    CHECK_FALSE(burn_rate({0, 0}, 0.999));
}

TEST_CASE("a pair fails only where both windows burn", "[analysis]") {
    CHECK(judged(calm, calm) == Answer::pass);
    CHECK(judged({burning.in_long, burning.in_short}, calm) == Answer::fail);
    CHECK(judged({burning.in_long, calm.in_short}, calm) == Answer::pass);
    CHECK(judged({calm.in_long, burning.in_short}, calm) == Answer::pass);
    CHECK(judged(calm, {{100000, 601}, {10000, 61}}) == Answer::fail);
    CHECK(
        judge_burn(usual_windows(), {{{1000, 20}, {100, 3}}, calm}, 0.999).reason ==
        "the error budget burns 20x over 1h and 30x over 5m (limit 14.4x)"
    );
}

TEST_CASE("a window without requests is no pass, nonsense is an error", "[analysis]") {
    CHECK(judged({{100000, 50}, {0, 0}}, calm) == Answer::inconclusive);
    CHECK(judged({{0, 0}, {0, 0}}, burning) == Answer::fail);
    CHECK(judged({{10, 11}, {1, 0}}, calm) == Answer::error);
    CHECK(judge_burn(usual_windows(), {calm, calm}, 1).answer == Answer::error);
    CHECK(judge_burn(usual_windows(), {calm, calm}, 0).answer == Answer::error);
    CHECK(judge_burn(usual_windows(), {calm}, 0.999).answer == Answer::error);
    CHECK(judge_burn({}, {}, 0.999).answer == Answer::error);
}
