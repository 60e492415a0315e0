// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/environment.hpp"

#include <csignal>
#include <cstdlib>
#include <pwd.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace deployctl::plugins {

std::optional<std::string> environment(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') {
        return std::nullopt;
    }
    return std::string(value);
}

std::string home_folder() {
    if (const auto named = environment("HOME")) {
        return *named;
    }
    const auto* entry = getpwuid(geteuid());
    return entry == nullptr ? "." : entry->pw_dir;
}

std::string default_state_folder() {
    return environment("XDG_STATE_HOME").value_or(home_folder() + "/.local/state") + "/deployctl";
}

std::string default_state_path() {
    if (const auto named = environment("DEPLOYCTL_STATE")) {
        return *named;
    }
    return default_state_folder() + "/state.db";
}

TerminalFacts terminal_facts() {
    TerminalFacts facts;
    facts.out_is_tty = isatty(STDOUT_FILENO) == 1;
    facts.err_is_tty = isatty(STDERR_FILENO) == 1;
    facts.in_is_tty = isatty(STDIN_FILENO) == 1;
    facts.is_ci = environment("CI").has_value();
    const auto terminal = environment("TERM").value_or("");
    facts.forbids_colour = environment("NO_COLOR").has_value() || terminal.compare("dumb") == 0;
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        facts.columns = size.ws_col;
        facts.rows = size.ws_row;
    }
    return facts;
}

void ignore_broken_pipes() {
    std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace deployctl::plugins
