// SPDX-License-Identifier: Apache-2.0
// Operations for people and as data. Pure.
#pragma once

#include "cli/output/style.hpp"
#include "model/operation.hpp"
#include "model/value.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

Value to_value(const Operation& operation);
Value to_value(const OperationEvent& event);
Sign sign_of(OperationState state);
/// The newest first, as they come.
std::string draw(const std::vector<Operation>& operations, WallTime now, const Style& style);
std::string draw(
    const Operation& operation, const std::vector<OperationEvent>& events, const Style& style
);

}  // namespace deployctl::cli
