// SPDX-License-Identifier: Apache-2.0
#include "gates/policy.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::gates;

namespace {

Tally run(const std::vector<Answer>& answers) {
    Tally tally;
    for (const auto answer : answers) {
        tally = after(tally, answer);
    }
    return tally;
}

}  // namespace

TEST_CASE(
    "a gate fails after so many bad samples in a row, and a good one starts the count anew",
    "[gates]"
) {
    HttpGate gate;
    gate.fail_after = 2;
    gate.pass_after = 3;
    using enum Answer;
    CHECK(decide(run({fail, pass, fail}), gate) == Decision::go_on);
    CHECK(decide(run({pass, fail, fail}), gate) == Decision::failed);
    CHECK(decide(run({fail, pass, pass}), gate) == Decision::go_on);
    CHECK(decide(run({fail, pass, pass, pass}), gate) == Decision::passed);
}

TEST_CASE("an error is neither a pass nor a fail; many in a row hold the rollout", "[gates]") {
    const HttpGate gate;
    CHECK(decide(run(std::vector<Answer>(9, Answer::error)), gate) == Decision::go_on);
    CHECK(decide(run(std::vector<Answer>(10, Answer::error)), gate) == Decision::cannot_tell);
    using enum Answer;
    CHECK(run({fail, error, fail}) == Tally{0, 2, 0});
    CHECK(run({error, error, pass}) == Tally{1, 0, 0});
}
