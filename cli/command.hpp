// SPDX-License-Identifier: Apache-2.0
// The verbs: one row each, in one list. Everything that is told about them is made from it. Values.
#pragma once

#include "cli/form.hpp"
#include "cli/session.hpp"
#include "model/error.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::cli {

using Run = std::function<ExitCode(Session& session)>;

struct Command {
    const char* path;  ///< "rollout canary"
    const char* summary;
    Run (*declare)(Form& form
    );  ///< fills the form; what it answers keeps the options that the form fills
};

const std::vector<Command>& all_commands();

/// "rollout" and what it is about; for the overview.
struct Group {
    const char* word;
    const char* summary;
};

const std::vector<Group>& all_groups();

/// How the overview of all commands is divided; each first word stands in one of them.
struct Chapter {
    const char* title;
    std::vector<std::string> words;
};

const std::vector<Chapter>& all_chapters();

std::vector<std::string> split_words(std::string_view path);
/// Null where no command has exactly this path.
const Command* find_command(std::string_view path);

}  // namespace deployctl::cli
