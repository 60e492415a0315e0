// SPDX-License-Identifier: Apache-2.0
// What the journal shows of tasks, which no fence guards: begun, ended, and what nobody knows.
// Pure; any thread.
#pragma once

#include "model/journal.hpp"
#include "model/plan.hpp"
#include "ports/tasks.hpp"

#include <string>
#include <vector>

namespace deployctl::engine {

inline constexpr std::string_view task_unknown_cause = "task_unknown";
/// Of the change of state that a journal made of the cluster's record begins with.
inline constexpr std::string_view imported_reason = "imported from the cluster's record";

/// One task, since the rollout took its present direction.
struct TaskTrail {
    bool is_done = false;
    bool is_open = false;      ///< begun, and nobody wrote how it ended
    bool is_settled = false;   ///< a person was told so, and has gone on
    std::string attempt = {};  ///< the last one
};

TaskTrail trail_of(const std::vector<Event>& events, Direction direction, const std::string& task);

/// A contract migration has begun in it: the previous version may not be able to serve any more, so
/// that nothing goes back by itself.
bool is_past_contract(const std::vector<Event>& events, const Plan& plan);

inline constexpr std::string_view past_contract_note =
    "a contract migration has begun, so that nothing goes back by itself: the previous version may "
    "not be able to serve any more";

/// How far a runner with another journal has come: as the objects show it, or the Lease, which says
/// where it stood before it began a task.
struct ShownElsewhere {
    int from = 0;         ///< what is before it is this journal's
    int done_before = 0;  ///< every step before that one is done
    int stood_at = -1;    ///< it may have begun this one
};

/// What that says of tasks. What `events` show already is left out.
std::vector<Entry> tasks_shown_elsewhere(
    const Plan& plan, const std::vector<Event>& events, const ShownElsewhere& shown
);

/// What a stack that should go back has reported, by what the journal knows: where it was, or may
/// have been, applied by a runner with another journal, nobody here can take it back. A person is
/// told so once; who goes on after that has seen to it.
TaskReport with_doubts(
    const Plan& plan, const std::vector<Event>& events, const TaskOrder& order, TaskReport report
);

/// The step is a backup: nothing has to be taken back after it.
bool only_copies(const Plan& plan, const Action& action);

}  // namespace deployctl::engine
