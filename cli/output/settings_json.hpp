// SPDX-License-Identifier: Apache-2.0
// Gates and environments as data, with every default written out. Pure.
#pragma once

#include "model/settings.hpp"
#include "model/value.hpp"

namespace deployctl::cli {

Value to_value(const std::string& name, const GateSettings& gate);
/// What it asks, in a line.
std::string told(const GateQuestion& question);
/// With the strategy's own gates where the environment has no list.
Value to_value(const Environment& environment, const Configuration& configuration);

}  // namespace deployctl::cli
