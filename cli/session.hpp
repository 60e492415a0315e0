// SPDX-License-Identifier: Apache-2.0
// What a running command has in its hands: the flags, the terminal, the parts that are wired. Made
// by `main`, outlives the command.
#pragma once

#include "cli/globals.hpp"
#include "cli/output/terminal.hpp"
#include "cli/parts.hpp"

namespace deployctl::cli {

struct Session {
    const Globals& globals;
    Terminal& terminal;
    Parts& parts;
    const EnvironmentLookup& environment;
};

}  // namespace deployctl::cli
