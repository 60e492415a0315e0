// SPDX-License-Identifier: Apache-2.0
// The keys typed at a terminal. While it lives the terminal hands over each key at once and does
// not show it; signals work as ever. Afterwards the terminal is as it was. One thread.
#pragma once

#include "ports/keys.hpp"

#include <memory>
#include <termios.h>

namespace deployctl::plugins {

class TerminalKeys final : public Keys {
public:
    explicit TerminalKeys(int terminal);
    ~TerminalKeys() override;
    TerminalKeys(const TerminalKeys&) = delete;
    TerminalKeys& operator=(const TerminalKeys&) = delete;

    std::optional<char> take() override;

private:
    int terminal_;
    termios before_{};
};

/// Of the standard input; null where it is no terminal, or another job has it: touching it would
/// stop us.
std::unique_ptr<Keys> listen_at_terminal();

}  // namespace deployctl::plugins
