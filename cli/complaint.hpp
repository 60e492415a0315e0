// SPDX-License-Identifier: Apache-2.0
// What is said when a command could not do its work: what happened, where, and what to do. Goes to
// the error output, by `main`.
#pragma once

#include "cli/output/style.hpp"
#include "model/error.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

/// "error[locked]: ...", then where, then "= help: ..."; a ConfigError shows every mistake in its
/// file.
std::string complaint(const Error& error, const Style& style);
/// Mistakes, each with its place, its line and a way out.
std::string draw(const Diagnostics& diagnostics, const Style& style);
/// For a bug: writes a report into `folder`, for its owner alone, and names it.
std::string crash_complaint(
    const char* what, const std::vector<std::string>& words, const std::string& folder
);

}  // namespace deployctl::cli
