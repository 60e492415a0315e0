// SPDX-License-Identifier: Apache-2.0
// What the machine says about how this process was started: environment, terminal, default paths.
// Read only, but for `ignore_broken_pipes`. Any thread.
#pragma once

#include <optional>
#include <string>

namespace deployctl::plugins {

/// Nothing where the variable is unset or empty.
std::optional<std::string> environment(const char* name);
/// $XDG_STATE_HOME/deployctl, else ~/.local/state/deployctl.
std::string default_state_folder();
/// $DEPLOYCTL_STATE, else $XDG_STATE_HOME/deployctl/state.db, else
/// ~/.local/state/deployctl/state.db.
std::string default_state_path();
/// $HOME, else what the password database says.
std::string home_folder();

struct TerminalFacts {
    bool out_is_tty = false;
    bool err_is_tty = false;
    bool in_is_tty = false;
    int columns = 80;
    int rows = 24;
    bool forbids_colour = false;  ///< $NO_COLOR, or a terminal that calls itself dumb
    bool is_ci = false;           ///< $CI, as every CI system sets it
};

TerminalFacts terminal_facts();

/// A pipe or socket whose other end has gone is then an error code, not the end of this process.
/// Children get the default back. Safe to repeat.
void ignore_broken_pipes();

}  // namespace deployctl::plugins
