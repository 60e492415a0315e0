// SPDX-License-Identifier: Apache-2.0
// The verbs that bring a version out in several places, as one line of rollouts; `all.cpp` gives
// them their names.
#pragma once

#include "cli/command.hpp"

namespace deployctl::cli::commands {

Run promote(Form& form);
Run rollout_group(Form& form);

}  // namespace deployctl::cli::commands
