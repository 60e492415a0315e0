// SPDX-License-Identifier: Apache-2.0
// Backups of databases as tasks of a release: made, and proven where a restore is configured; one
// whose proof fails is a failure. What an earlier attempt has left behind goes first. Engine's
// thread.
#pragma once

#include "ports/clock.hpp"
#include "ports/process.hpp"
#include "ports/tasks.hpp"

namespace deployctl::plugins {

class BackupTasks final : public Tasks {
public:
    BackupTasks(Process& process, Clock& clock) : process_(process), clock_(clock) {}

    Task<TaskReport> run(TaskOrder order) override;

private:
    Process& process_;
    Clock& clock_;
};

}  // namespace deployctl::plugins
