// SPDX-License-Identifier: Apache-2.0
// What programs print and write into files, for people to read: bounded, and without characters
// that a terminal would obey. Pure; any thread.
#pragma once

#include "ports/one_line.hpp"
#include "ports/process.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

/// Without blanks around it.
std::string_view trimmed(std::string_view text);
/// Of those that are not blank.
std::string_view last_line(std::string_view text);
/// The end of what it printed, at most 4 KiB: there the reason stands.
std::string tail(std::string_view text);
/// The first few of them: "a, b and 3 more".
std::string first_few(const std::vector<std::string>& texts, std::string_view between);

/// "exit code 1", "not done after 1m, and ended".
std::string how_it_ended(Duration timeout, const CommandResult& result);
/// What it said last, where people look for the reason.
std::string last_words(const CommandResult& result);

}  // namespace deployctl
