// SPDX-License-Identifier: Apache-2.0
// What the journal shows of tasks, which no fence guards: begun, ended, and what nobody knows.
// Pure; any thread.
#pragma once

#include "model/journal.hpp"
#include "model/plan.hpp"

#include <string>
#include <vector>

namespace deployctl::engine {

inline constexpr std::string_view task_unknown_cause = "task_unknown";

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

/// What a runner with another journal has done of the tasks from step `from` on, as the Lease shows
/// it, which says where that runner stood before it began one: those before are done, the one that
/// it stood at is open. What `events` show already is left out.
std::vector<Entry> tasks_shown_by_lease(
    const Plan& plan, const std::vector<Event>& events, int from, int stood_at
);

/// The step is a backup: nothing has to be taken back after it.
bool only_copies(const Plan& plan, const Action& action);

}  // namespace deployctl::engine
