// SPDX-License-Identifier: Apache-2.0
// The numbers that a verdict was about, by its evidence: what can be drawn over time. A gate has
// none where it asks a question that has no number, and several where it compares. Pure.
#pragma once

#include "model/gates.hpp"
#include "model/value.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::gates {

struct Measured {
    std::string what;             ///< "canary", "stable above 500ms"; empty: the gate's own number
    double value = 0;             ///< finite
    std::optional<double> limit;  ///< that this number by itself is held against
    enum class Unit { number, share } unit = Unit::number;
    enum class Bad { above, below } bad = Bad::above;  ///< on which side of the limit
};

std::vector<Measured> measured_in(const GateQuestion& question, const Value& evidence);

}  // namespace deployctl::gates
