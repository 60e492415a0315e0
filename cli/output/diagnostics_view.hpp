// SPDX-License-Identifier: Apache-2.0
// Mistakes of a file, each with its place, its line and what to write instead. Pure.
#pragma once

#include "cli/output/style.hpp"
#include "model/diagnostics.hpp"

#include <string>

namespace deployctl::cli {

std::string draw(const Diagnostics& diagnostics, const Style& style);

}  // namespace deployctl::cli
