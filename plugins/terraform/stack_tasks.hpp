// SPDX-License-Identifier: Apache-2.0
// Stacks of Terraform or OpenTofu as tasks of a release: planned again, applied where the plan is
// the one that was agreed to, and brought back to the configuration before, where the rollout goes
// back. One that is cancelled sends its tool SIGINT and waits until it has saved its state.
// Engine's thread.
#pragma once

#include "plugins/terraform/stack.hpp"
#include "ports/tasks.hpp"

#include <string>

namespace deployctl::plugins {

class StackTasks final : public Tasks {
public:
    /// `state_folder` is where the journal is: notes on the stacks are kept beside it.
    StackTasks(Clock& clock, const Runners& runners, std::string state_folder)
        : clock_(clock), runners_(runners), state_folder_(std::move(state_folder)) {}

    Task<TaskReport> run(TaskOrder order) override;

private:
    Task<TaskReport> go_on(
        TaskOrder order, terraform::Stack* stack, terraform::StackFolder* folder
    );
    Task<TaskReport> bring_out(
        TaskOrder order, terraform::Stack* stack, terraform::StackFolder* folder
    );
    Task<TaskReport> bring_back(
        TaskOrder order, terraform::Stack* stack, terraform::StackFolder* folder
    );
    Task<TaskReport> apply_back(
        TaskOrder order,
        terraform::Stack* stack,
        terraform::StackFolder* folder,
        terraform::BeforeRollout before
    );

    Clock& clock_;
    const Runners& runners_;
    std::string state_folder_;
};

}  // namespace deployctl::plugins
