// SPDX-License-Identifier: Apache-2.0
#include "gates/policy.hpp"

namespace deployctl::gates {

Tally after(Tally tally, Answer answer) {
    switch (answer) {
        case Answer::pass: return {tally.good_in_a_row + 1, 0, 0};
        case Answer::fail: return {0, tally.bad_in_a_row + 1, 0};
        case Answer::inconclusive:
        case Answer::error: ++tally.unknown_in_a_row; return tally;
    }
    return tally;
}

Decision decide(const Tally& tally, const HttpGate& gate) {
    if (tally.bad_in_a_row >= gate.fail_after) {
        return Decision::failed;
    }
    if (tally.unknown_in_a_row >= most_unknown_in_a_row) {
        return Decision::cannot_tell;
    }
    return tally.good_in_a_row >= gate.pass_after ? Decision::passed : Decision::go_on;
}

}  // namespace deployctl::gates
