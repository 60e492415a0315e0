// SPDX-License-Identifier: Apache-2.0
// All that is told about the commands, made from their forms: help, manual page, reference. Pure.
#pragma once

#include "cli/command.hpp"

#include <optional>
#include <string>

namespace deployctl::cli {

/// What `--help` shows of one command.
std::string help_text(const Command& command);
/// The commands below a word, or all of them where it is empty.
std::string overview(const std::string& group);
/// What `help WORD` shows beside commands ("exit-codes"); nothing where it knows none.
std::optional<std::string> topic_text(const std::string& word);
/// deployctl(1), as roff.
std::string manual_page();
/// docs/commands.md.
std::string reference();

/// `ID [--steps 5,25,50]...`: what follows the path.
std::string usage_of(const Form& form);

}  // namespace deployctl::cli
