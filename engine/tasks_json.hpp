// SPDX-License-Identifier: Apache-2.0
// The tasks of a plan as JSON (docs/formats/plan.md). Pure.
#pragma once

#include "model/tasks.hpp"

namespace deployctl::engine {

Value tasks_value(const TasksByName& tasks);
/// Throws Error{state_unreadable} for work of a newer deployctl.
TasksByName read_tasks(const Value& value);

}  // namespace deployctl::engine
