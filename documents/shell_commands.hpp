// SPDX-License-Identifier: Apache-2.0
// The simple commands of a shell script, as far as a reader without a shell can tell: split at
// `;`, `&&`, `|`, newlines, `$(`; without quotes and keywords, redirections apart; also those
// inside `sh -c '...'` and after `sudo`. Variables stay as they are written. What it cannot follow
// it leaves in one command; for patterns, not for proofs. Any thread; never throws; linear.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::documents {

struct ShellCommand {
    std::size_t offset = 0;  ///< where it begins in the script
    std::string settings;    ///< `A=1 B=2` in front of it
    std::string program;     ///< without its folder: "curl"
    std::string arguments;   ///< joined by single spaces
    std::string targets;     ///< where redirections lead, joined by single spaces
    bool piped = false;      ///< its output goes into the next one
};

std::vector<ShellCommand> read_shell_commands(std::string_view script);

}  // namespace deployctl::documents
