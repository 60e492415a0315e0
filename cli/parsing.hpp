// SPDX-License-Identifier: Apache-2.0
// From the words of the command line to one command and its values. No abbreviations and no
// catch-all: what is not known is refused with the nearest known word. Throws Error{usage}.
#pragma once

#include "cli/command.hpp"
#include "cli/globals.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

/// Either a command to run, or a text that was asked for instead (`--help`, `--version`).
struct Invocation {
    Run run;
    std::string text;
};

/// Fills `globals`, which outlives the invocation.
Invocation parse(
    const std::vector<std::string>& words, const EnvironmentLookup& environment, Globals& globals
);

}  // namespace deployctl::cli
