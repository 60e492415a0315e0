// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/environment.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace deployctl::plugins {

std::optional<std::string> environment(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') {
        return std::nullopt;
    }
    return std::string(value);
}

std::string default_state_path() {
    if (const auto named = environment("DEPLOYCTL_STATE")) {
        return *named;
    }
    const auto home = environment("HOME").value_or(".");
    return environment("XDG_STATE_HOME").value_or(home + "/.local/state") + "/deployctl/state.db";
}

TerminalFacts terminal_facts() {
    TerminalFacts facts;
    facts.out_is_tty = isatty(STDOUT_FILENO) == 1;
    facts.err_is_tty = isatty(STDERR_FILENO) == 1;
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        facts.columns = size.ws_col;
        facts.rows = size.ws_row;
    }
    return facts;
}

}  // namespace deployctl::plugins
