// SPDX-License-Identifier: Apache-2.0
// A line as plain data, which its operation keeps, and back. Pure.
#pragma once

#include "model/value.hpp"
#include "promotion/line.hpp"

namespace deployctl::promotion {

Value to_value(const Line& line);
/// Throws Error{state_unreadable} where it is none.
Line read_line(const Value& value);

}  // namespace deployctl::promotion
