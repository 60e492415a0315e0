// SPDX-License-Identifier: Apache-2.0
// Freezes as data for `-o json`: no field is ever left out, null where it has no value. Pure.
#pragma once

#include "calendar/freeze.hpp"
#include "model/value.hpp"

#include <vector>

namespace deployctl::cli {

Value to_value(const calendar::Outlook& outlook);
Value to_value(const Freeze& freeze, WallTime now);
/// With the times of the next `occurrences`, the present one first.
Value to_value(const FreezeWindow& window, const std::vector<calendar::Period>& occurrences);

}  // namespace deployctl::cli
