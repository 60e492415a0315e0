// SPDX-License-Identifier: Apache-2.0
// Stacks of Terraform or OpenTofu as tasks of a release. Engine's thread.
#pragma once

#include "ports/process.hpp"
#include "ports/tasks.hpp"

namespace deployctl::plugins {

class StackTasks final : public Tasks {
public:
    explicit StackTasks(Process& process) : process_(process) {}

    Task<TaskReport> run(TaskOrder order) override;

private:
    Process& process_;
};

}  // namespace deployctl::plugins
