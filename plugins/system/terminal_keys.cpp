// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/terminal_keys.hpp"

#include <poll.h>
#include <unistd.h>

namespace deployctl::plugins {

TerminalKeys::TerminalKeys(int terminal) : terminal_(terminal) {
    tcgetattr(terminal_, &before_);
    auto now = before_;
    now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    tcsetattr(terminal_, TCSAFLUSH, &now);  // what was typed before is no answer
}

TerminalKeys::~TerminalKeys() {
    tcsetattr(terminal_, TCSAFLUSH, &before_);  // what is typed after it is no command of the shell
}

std::optional<char> TerminalKeys::take() {
    pollfd waiting{terminal_, POLLIN, 0};
    char key = '\0';
    if (poll(&waiting, 1, 0) <= 0 || read(terminal_, &key, 1) != 1) {
        return std::nullopt;
    }
    return key;
}

std::unique_ptr<Keys> listen_at_terminal() {
    if (tcgetpgrp(STDIN_FILENO) != getpgrp()) {
        return nullptr;
    }
    return std::make_unique<TerminalKeys>(STDIN_FILENO);
}

}  // namespace deployctl::plugins
