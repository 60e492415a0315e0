// SPDX-License-Identifier: Apache-2.0
// Backups of databases as tasks of a release. Engine's thread.
#pragma once

#include "ports/process.hpp"
#include "ports/tasks.hpp"

namespace deployctl::plugins {

class BackupTasks final : public Tasks {
public:
    explicit BackupTasks(Process& process) : process_(process) {}

    Task<TaskReport> run(TaskOrder order) override;

private:
    Process& process_;
};

}  // namespace deployctl::plugins
