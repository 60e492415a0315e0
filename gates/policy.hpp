// SPDX-License-Identifier: Apache-2.0
// From samples to a decision: one pure function for all gates. An error is never a pass and never a
// fail: too many in a row mean that nobody knows, which is `on_no_data`'s to say. An inconclusive
// answer is no trouble while a step goes on; at its end a proof is waited for, for `hold_at_most`.
#pragma once

#include "model/gates.hpp"
#include "model/verdict.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace deployctl::gates {

struct Tally {
    int good_in_a_row = 0;
    int bad_in_a_row = 0;
    int errors_in_a_row = 0;
    int inconclusive_in_a_row = 0;

    friend bool operator==(const Tally&, const Tally&) = default;
};

enum class Decision { go_on, passed, failed, cannot_tell };

const char* name_of(Decision decision);
/// In place of a decision: the answer came when its wait was over, and nothing followed.
inline constexpr std::string_view not_counted = "not counted";

Tally after(Tally tally, Answer answer);

/// What is decided, and why where that is not the last answer's doing.
struct Ruling {
    Decision decision = Decision::go_on;
    std::string why;  ///< "3 in a row"
};

/// Something follows from its answers: neither dry, nor only told.
bool decides(const GatePolicy& policy);
/// In a step that goes on anyway.
Ruling rule(const Tally& tally, const GatePolicy& policy);
/// Where the step waits for this gate alone, since `waited`.
Ruling rule_at_end(const Tally& tally, const GatePolicy& policy, Duration waited);
/// The one or the other.
Ruling rule(const Tally& tally, const GatePolicy& policy, const std::optional<Duration>& waited);

}  // namespace deployctl::gates
