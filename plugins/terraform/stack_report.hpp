// SPDX-License-Identifier: Apache-2.0
// How an applied stack is told to the engine, and whether a plan is the one that was agreed to.
// Pure.
#pragma once

#include "plugins/terraform/stack.hpp"
#include "ports/tasks.hpp"

namespace deployctl::plugins::terraform {

enum class Agreement {
    same,     ///< these very changes
    part,     ///< what is left of them: the others are done, or done by half
    nothing,  ///< there is nothing left to do
    another,
};

/// `agreed` as `lines_of` makes it, in any order.
Agreement compare(const std::vector<std::string>& agreed, const std::vector<StackChange>& present);

TaskReport report_of(const Halt& halt);
TaskReport report_of(const PlannedChanges& planned, const AppliedChanges& applied);
/// What an apply that was cut off had begun is told with it, whatever became of it.
void add_orphans(TaskReport& report, const std::vector<std::string>& addresses);
/// By name; without what is sensitive.
Value outputs_value(const StackOutputs& outputs);
/// "changed since it was agreed to: + a.b, - c.d"
TaskReport changed_report(
    const std::vector<std::string>& agreed, const std::vector<StackChange>& present
);

}  // namespace deployctl::plugins::terraform
