// SPDX-License-Identifier: Apache-2.0
// The simple method: a value against a limit. How often in a row that has to hold is the policy's
// (gates/policy.hpp). Pure; any thread.
#pragma once

#include "model/verdict.hpp"

namespace deployctl::analysis {

enum class Side { at_most, at_least };

struct Threshold {
    Side side = Side::at_most;
    double limit = 0;
};

/// A value on the limit passes. NaN and infinities are no answer, never a pass: `error`.
Answer judge(const Threshold& threshold, double value);

}  // namespace deployctl::analysis
