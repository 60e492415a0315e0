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
    GatePolicy policy;
    policy.fail_after = 2;
    policy.pass_after = 3;
    using enum Answer;
    CHECK(rule(run({fail, pass, fail}), policy).decision == Decision::go_on);
    CHECK(rule(run({pass, fail, fail}), policy).decision == Decision::failed);
    CHECK(rule(run({pass, fail, fail}), policy).why == "2 in a row");
    CHECK(rule(run({fail, pass, pass}), policy).decision == Decision::go_on);
    CHECK(rule(run({fail, pass, pass, pass}), policy).decision == Decision::passed);
}

TEST_CASE("an error is neither a pass nor a fail; many in a row are on_no_data's", "[gates]") {
    GatePolicy policy;
    const auto silent = [](int times) {
        return run(std::vector<Answer>(static_cast<std::size_t>(times), Answer::error));
    };
    CHECK(rule(silent(9), policy).decision == Decision::go_on);
    CHECK(rule(silent(10), policy).decision == Decision::cannot_tell);
    CHECK(rule(silent(10), policy).why == "10 in a row without an answer");
    policy.on_no_data = OnNoData::fail;
    policy.errors_in_a_row = 4;
    CHECK(rule(silent(3), policy).decision == Decision::go_on);
    CHECK(rule(silent(4), policy).decision == Decision::failed);
    using enum Answer;
    CHECK(run({fail, error, fail}) == Tally{0, 2, 0, 0});
    CHECK(run({error, error, pass}) == Tally{1, 0, 0, 0});
    CHECK(run({error, error, inconclusive}) == Tally{0, 0, 0, 1});
    CHECK(run({pass, error}) == Tally{1, 0, 1, 0});
}

TEST_CASE(
    "an open answer troubles nobody before the end, and there only after a while", "[gates]"
) {
    GatePolicy policy;
    policy.hold_at_most = minutes(2);
    const auto open = run(std::vector<Answer>(50, Answer::inconclusive));
    CHECK(rule(open, policy).decision == Decision::go_on);
    CHECK(rule_at_end(open, policy, seconds(119)).decision == Decision::go_on);
    CHECK(rule_at_end(open, policy, minutes(2)).decision == Decision::cannot_tell);
    CHECK(rule_at_end(open, policy, minutes(2)).why == "nothing proven after 2m more");
    policy.on_inconclusive = OnInconclusive::pass;
    CHECK(rule_at_end(open, policy, minutes(2)).decision == Decision::passed);
    policy.on_inconclusive = OnInconclusive::rollback;
    CHECK(rule_at_end(open, policy, minutes(2)).decision == Decision::failed);
    // What was never asked is not open: it is still to be asked.
    CHECK(rule_at_end({}, policy, minutes(3)).decision == Decision::go_on);
    using enum Answer;
    CHECK(rule_at_end(run({inconclusive, pass}), policy, minutes(3)).decision == Decision::passed);
    CHECK(
        rule_at_end(run({inconclusive, fail, fail, fail}), policy, {}).decision == Decision::failed
    );
}
