// SPDX-License-Identifier: Apache-2.0
// The Job that a task is: what is made of its manifest, and how it ended. Pure; any thread.
#pragma once

#include "model/plan.hpp"
#include "ports/tasks.hpp"

#include <optional>

namespace deployctl::engine {

/// Under a name of the attempt, with the app's marks, ended by the task's timeout or by its own
/// deadline, whichever is sooner, and removed by Kubernetes a day after its end where the manifest
/// says nothing else. Images that are the app's become the next version's.
Value make_job(const Plan& plan, const TaskOrder& order, const JobWork& work);
bool has_job_ended(const Value& job);
/// Nothing: it is gone.
TaskReport report_of_job(const std::optional<Value>& job);

}  // namespace deployctl::engine
