// SPDX-License-Identifier: Apache-2.0
// The first pass over a shell script: what is a command, what a comment, what the body of a
// heredoc. Linear in the text. Pure; any thread.
#pragma once

#include "documents/script.hpp"

namespace deployctl::documents {

struct ScriptText {
    std::vector<ScriptLine> lines;
    std::vector<ScriptLine> comments;  ///< without `#`; may be empty
};

ScriptText read_script_text(std::string_view text, std::uint32_t first = 1);

}  // namespace deployctl::documents
