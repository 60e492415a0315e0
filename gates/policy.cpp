// SPDX-License-Identifier: Apache-2.0
#include "gates/policy.hpp"

namespace deployctl::gates {

namespace {

std::string in_a_row(int count) {
    return std::to_string(count) + " in a row";
}

Decision on_inconclusive(OnInconclusive policy) {
    switch (policy) {
        case OnInconclusive::pause: return Decision::cannot_tell;
        case OnInconclusive::pass: return Decision::passed;
        case OnInconclusive::rollback: return Decision::failed;
    }
    return Decision::cannot_tell;
}

}  // namespace

const char* name_of(Decision decision) {
    switch (decision) {
        case Decision::go_on: return "goes on";
        case Decision::passed: return "passed";
        case Decision::failed: return "failed";
        case Decision::cannot_tell: return "cannot tell";
    }
    return "";
}

Tally after(Tally tally, Answer answer) {
    switch (answer) {
        case Answer::pass: return {tally.good_in_a_row + 1, 0, 0, 0};
        case Answer::fail: return {0, tally.bad_in_a_row + 1, 0, 0};
        case Answer::inconclusive:
            ++tally.inconclusive_in_a_row;
            tally.errors_in_a_row = 0;
            return tally;
        case Answer::error: ++tally.errors_in_a_row; return tally;
    }
    return tally;
}

bool decides(const GatePolicy& policy) {
    return !policy.dry_run && policy.on_fail != OnGateFail::notify;
}

Ruling rule(const Tally& tally, const GatePolicy& policy) {
    if (tally.bad_in_a_row >= policy.fail_after) {
        return {Decision::failed, in_a_row(tally.bad_in_a_row)};
    }
    if (tally.errors_in_a_row >= policy.errors_in_a_row) {
        const bool is_fail = policy.on_no_data == OnNoData::fail;
        return {
            is_fail ? Decision::failed : Decision::cannot_tell,
            in_a_row(tally.errors_in_a_row) + " without an answer",
        };
    }
    const bool is_good = tally.good_in_a_row >= policy.pass_after;
    return {is_good ? Decision::passed : Decision::go_on, ""};
}

Ruling rule_at_end(const Tally& tally, const GatePolicy& policy, Duration waited) {
    auto ruling = rule(tally, policy);
    const bool is_open = ruling.decision == Decision::go_on && tally.inconclusive_in_a_row > 0;
    if (is_open && waited >= policy.hold_at_most) {
        return {
            on_inconclusive(policy.on_inconclusive),
            "nothing proven after " + to_text(policy.hold_at_most) + " more",
        };
    }
    return ruling;
}

Ruling rule(const Tally& tally, const GatePolicy& policy, const std::optional<Duration>& waited) {
    return waited ? rule_at_end(tally, policy, *waited) : rule(tally, policy);
}

}  // namespace deployctl::gates
