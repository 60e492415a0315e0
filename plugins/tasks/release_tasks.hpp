// SPDX-License-Identifier: Apache-2.0
// Carries out the tasks of a release: the user's programs itself, stacks and backups by those who
// know how. Engine's thread.
#pragma once

#include "ports/files.hpp"
#include "ports/process.hpp"
#include "ports/tasks.hpp"

namespace deployctl::plugins {

class ReleaseTasks final : public Tasks {
public:
    /// `stacks` takes StackWork, `backups` BackupWork.
    ReleaseTasks(Process& process, Files& files, Tasks& stacks, Tasks& backups)
        : process_(process), files_(files), stacks_(stacks), backups_(backups) {}

    Task<TaskReport> run(TaskOrder order) override;

private:
    Task<TaskReport> run_program(TaskOrder order, ProgramWork work);

    Process& process_;
    Files& files_;
    Tasks& stacks_;
    Tasks& backups_;
};

}  // namespace deployctl::plugins
