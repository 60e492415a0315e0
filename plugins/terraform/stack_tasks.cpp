// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/stack_tasks.hpp"

namespace deployctl::plugins {

Task<TaskReport> StackTasks::run(TaskOrder) {
    (void)process_;
    co_return TaskReport{TaskEnd::cannot_tell, "stacks are not applied yet", {}};
}

}  // namespace deployctl::plugins
