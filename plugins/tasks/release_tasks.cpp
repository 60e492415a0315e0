// SPDX-License-Identifier: Apache-2.0
#include "plugins/tasks/release_tasks.hpp"

#include "documents/json.hpp"
#include "plugins/tasks/program_end.hpp"
#include "plugins/tasks/task_variables.hpp"
#include "ports/scripts.hpp"

#include <stdexcept>

namespace deployctl::plugins {

Task<TaskReport> ReleaseTasks::run(TaskOrder order) {
    if (const auto* program = std::get_if<ProgramWork>(&order.task.work)) {
        const auto work = *program;
        auto report = co_await run_program(order, work);
        co_return report;
    }
    if (std::holds_alternative<StackWork>(order.task.work)) {
        auto report = co_await stacks_.run(order);
        co_return report;
    }
    if (std::holds_alternative<BackupWork>(order.task.work)) {
        auto report = co_await backups_.run(order);
        co_return report;
    }
    throw std::logic_error("a Job is the engine's own");
}

Task<TaskReport> ReleaseTasks::run_program(TaskOrder order, ProgramWork work) {
    const FrozenScript script{work.run.front(), work.script_hash};
    if (const auto trouble = trouble_with(script, files_, documents::sha256_hex);
        !trouble.empty()) {
        co_return TaskReport{TaskEnd::cannot_tell, trouble, {}};
    }
    Command command;
    command.argv = work.run;
    command.environment = variables_of(order);
    command.timeout = order.task.timeout;
    const auto result = co_await process_.run(command);
    auto report = report_of(command, result);
    co_return report;
}

}  // namespace deployctl::plugins
