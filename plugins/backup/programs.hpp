// SPDX-License-Identifier: Apache-2.0
// The programs of a database, as they are run: where the file is, and what it is about, as
// `${...}` of their arguments and as DEPLOYCTL_* of their environment. Pure.
#pragma once

#include "model/backup.hpp"
#include "plugins/backup/artefact.hpp"
#include "ports/process.hpp"

#include <map>
#include <string>
#include <vector>

namespace deployctl::plugins::backup {

/// What a program works on.
struct Subject {
    std::string id;  ///< of the backup
    Scope scope;
    std::string path;                              ///< of the file to write, or to read
    std::map<std::string, std::string> variables;  ///< more of its environment
};

Command command_of(const std::vector<std::string>& argv, const Subject& subject, Duration timeout);

/// Empty: it did what it is for.
std::string trouble_with(const Command& command, const CommandResult& result);

}  // namespace deployctl::plugins::backup
