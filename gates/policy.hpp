// SPDX-License-Identifier: Apache-2.0
// From samples to a decision: one pure function for all gates. An error is never a pass and never a
// fail; too many in a row hold the rollout, since nobody knows.
#pragma once

#include "model/settings.hpp"
#include "model/verdict.hpp"

namespace deployctl::gates {

struct Tally {
    int good_in_a_row = 0;
    int bad_in_a_row = 0;
    int unknown_in_a_row = 0;  ///< errors and inconclusive answers

    friend bool operator==(const Tally&, const Tally&) = default;
};

enum class Decision { go_on, passed, failed, cannot_tell };

inline constexpr int most_unknown_in_a_row = 10;

Tally after(Tally tally, Answer answer);
Decision decide(const Tally& tally, const HttpGate& gate);

}  // namespace deployctl::gates
