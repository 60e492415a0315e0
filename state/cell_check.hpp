// SPDX-License-Identifier: Apache-2.0
// What the cells of an export may hold beyond what the tables check: JSON that reads as what it
// stands for, words that are known, numbers that a journal can have. Pure; any thread.
#pragma once

#include "model/value.hpp"

#include <string>

namespace deployctl::state {

/// What is wrong with it; empty where nothing is.
std::string fault_in_cell(const std::string& column, const Value& cell);

}  // namespace deployctl::state
