// SPDX-License-Identifier: Apache-2.0
#include "plugins/backup/programs.hpp"

#include "model/placeholders.hpp"
#include "plugins/tasks/program_end.hpp"

namespace deployctl::plugins::backup {

Command command_of(const std::vector<std::string>& argv, const Subject& subject, Duration timeout) {
    const Placeholders names{
        {"artifact", subject.path},
        {"backup_id", subject.id},
        {"database", subject.scope.database},
    };
    Command command;
    for (const auto& argument : argv) {
        command.argv.push_back(fill_in(argument, names));
    }
    command.environment = subject.variables;
    command.environment["DEPLOYCTL_APP"] = subject.scope.app;
    command.environment["DEPLOYCTL_ENV"] = subject.scope.environment;
    command.environment["DEPLOYCTL_DATABASE"] = subject.scope.database;
    command.environment["DEPLOYCTL_ARTIFACT"] = subject.path;
    command.environment["DEPLOYCTL_BACKUP_ID"] = subject.id;
    command.timeout = timeout;
    return command;
}

std::string trouble_with(const Command& command, const CommandResult& result) {
    const auto report = report_of(command, result);
    return report.end == TaskEnd::done ? "" : command.argv.front() + ": " + report.detail;
}

}  // namespace deployctl::plugins::backup
