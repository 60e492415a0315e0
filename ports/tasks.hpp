// SPDX-License-Identifier: Apache-2.0
// Carries out what a release does beside the cluster: programs, backups, infrastructure. A call
// ends with what it was told to do; one that is cancelled lets its program end in its own way
// within its grace, and leaves nothing running. Engine's thread.
#pragma once

#include "model/journal.hpp"
#include "model/plan.hpp"
#include "model/rollout.hpp"
#include "model/tasks.hpp"
#include "ports/cluster.hpp"
#include "ports/task.hpp"

#include <functional>
#include <string>

namespace deployctl {

struct Attempt {
    std::string id;          ///< UUIDv7
    bool is_repeat = false;  ///< an earlier one was begun, and nobody wrote how it ended
};

struct TaskOrder {
    std::string name;
    ReleaseTask task;
    RolloutId rollout;
    Target target;
    std::string version;
    Attempt attempt = {};
    Cluster* cluster = nullptr;  ///< of the target; null where nothing is done there
    /// Facts as they come, for the journal; called on the engine's thread. May be empty.
    std::function<void(Value fact)> tell = {};
};

struct TaskReport {
    TaskEnd end{};
    std::string detail;
    Value evidence;  ///< without secrets
};

class Tasks {
public:
    virtual ~Tasks() = default;
    virtual Task<TaskReport> run(TaskOrder order) = 0;
};

}  // namespace deployctl
