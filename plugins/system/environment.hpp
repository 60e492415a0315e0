// SPDX-License-Identifier: Apache-2.0
// What the machine says about how this process was started: environment, terminal, default paths. Read only.
#pragma once

#include <optional>
#include <string>

namespace deployctl::plugins {

/// Nothing where the variable is unset or empty.
std::optional<std::string> environment(const char* name);
/// $DEPLOYCTL_STATE, else $XDG_STATE_HOME/deployctl/state.db, else ~/.local/state/deployctl/state.db.
std::string default_state_path();

struct TerminalFacts {
    bool out_is_tty = false;
    bool err_is_tty = false;
    int columns = 80;
    int rows = 24;
};

TerminalFacts terminal_facts();

}  // namespace deployctl::plugins
