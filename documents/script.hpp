// SPDX-License-Identifier: Apache-2.0
// A shell script as a tree: its commands line by line (comments gone, continued lines and open
// quotes joined), its functions, the patterns of its `case` arms, what is strict about it. A reader
// for questions, no shell: what it does not understand stays a line. Pure; any thread.
#pragma once

#include "documents/tree.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::documents {

struct ScriptLine {
    std::string text;  ///< trimmed, never empty
    Spot spot;         ///< of its first character
};

/// Also for the `run:` of a workflow and a container's `sh -c`; what stands in a heredoc is left
/// out. The first line has the number that `first` says, from 1.
std::vector<ScriptLine> script_lines(std::string_view text, std::uint32_t first = 1);

/// The root is a map:
///   shell: bash                  # of the first line, `sh` where it names none
///   strict: [errexit, pipefail]  # of `set` and of the first line
///   lines: [...]                 # as script_lines gives them
///   functions: {NAME: NAME}      # where each begins
///   arms: [canary, blue-green]   # each pattern of each `case` arm, unquoted
///   comments: [...]              # without their `#`
Tree read_script(std::string text);

}  // namespace deployctl::documents
