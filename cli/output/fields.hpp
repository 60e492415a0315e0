// SPDX-License-Identifier: Apache-2.0
// A map of data as two columns for people, and a list of such maps as a table. Pure.
#pragma once

#include "cli/output/style.hpp"
#include "model/value.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

/// What stands in one cell: "a, b" for a list, "-" for nothing.
std::string cell_text(const Value& value);
std::string fields(const Value& map, const Style& style);
/// Columns are the keys, in this order; the heads are the keys in capitals.
std::string columns(
    const Value::Array& items, const std::vector<std::string>& keys, const Style& style
);

}  // namespace deployctl::cli
