// SPDX-License-Identifier: Apache-2.0
// What programs print, and what they are called with, without what looks like a secret: by the
// forms that assessments know. Before it is stored, and before it is shown.
#pragma once

#include "engine/disaster.hpp"
#include "ports/process.hpp"
#include "ports/tasks.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::cli {

/// Each text in it, its keys aside.
Value redacted(const Value& value);
/// Outputs of a stack, without those that look like a secret: whoever got `***` would use it.
Value without_secrets(const Value& outputs);
/// The words of one command, each for itself and by the one before it.
std::vector<std::string> redacted_command(std::vector<std::string> argv);
/// To be shown: what it runs is covered.
engine::DisasterPlan redacted(engine::DisasterPlan plan);
TaskReport redacted(TaskReport report);

/// What programs print passes through here where it is kept beside the journal as well: whole,
/// before anybody takes a line of it. For programs whose output nothing is made of.
class RedactedProcess final : public Process {
public:
    /// Outlives this.
    explicit RedactedProcess(Process& process) : process_(process) {}

    Task<CommandResult> run(Command command) override;

private:
    Process& process_;
};

/// What tasks tell and report passes through here, on its way to the journal and to people.
class RedactedTasks final : public Tasks {
public:
    /// Outlives this.
    explicit RedactedTasks(Tasks& tasks) : tasks_(tasks) {}

    Task<TaskReport> run(TaskOrder order) override;

private:
    Tasks& tasks_;
};

}  // namespace deployctl::cli
