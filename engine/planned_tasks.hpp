// SPDX-License-Identifier: Apache-2.0
// What a release does beside its pods, as steps of its plan: backups, infrastructure and hooks
// before the strategy's steps, hooks and infrastructure after them, hooks and reverts at the end of
// the way back. Pure.
#pragma once

#include "model/plan.hpp"

#include <map>
#include <string>
#include <vector>

namespace deployctl::engine {

/// A stack as its tool plans it now.
struct PlannedStack {
    StackWork work;
    std::vector<std::string> destroys;  ///< addresses of what is destroyed or replaced
};

/// What a plan has to know of files and tools before it can be made.
struct TaskInputs {
    std::vector<PlannedStack> stacks;   ///< that have changes, in the order of their names
    std::map<std::string, Value> jobs;  ///< manifests, by the text that a hook names them with
    /// Of stacks without changes, "infra.data.url"; those of others are known once they are
    /// applied.
    std::map<std::string, std::string, std::less<>> outputs = {};
};

/// Where what has to be there first goes: after the record and the questions.
std::vector<Step>::iterator first_change(std::vector<Step>& steps);

/// "${version}" and the like, as the texts of tasks have them.
std::map<std::string, std::string, std::less<>> task_names(const Plan& plan);

/// Weaves them in; what forbids the plan comes back: a stack that destroys without an approval.
std::vector<std::string> use_tasks(
    Plan& plan, const Configuration& configuration, const TaskInputs& inputs
);

}  // namespace deployctl::engine
