// SPDX-License-Identifier: Apache-2.0
// I38 and I39: what is done beside the pods, which no fence guards.
#include "simulation/rules.hpp"

#include <algorithm>
#include <array>

namespace deployctl::simulation {

namespace {

/// One that is done is not begun again on the same way, and one that is open only by a runner that
/// comes after.
Finding begins_again(const Memory& memory, const EntrySeen& seen) {
    const auto* began = std::get_if<TaskBegan>(&seen.entry);
    const auto* rollout = find_rollout(memory, seen);
    if (began == nullptr || rollout == nullptr) {
        return std::nullopt;
    }
    const auto known = rollout->tasks.find(began->task);
    if (known == rollout->tasks.end()) {
        return std::nullopt;
    }
    const auto& task = known->second;
    if (task.done) {
        return "task " + began->task + " is begun, and was done";
    }
    const bool is_beside_itself = task.open && task.epoch == rollout->epoch_taken;
    return is_beside_itself
               ? Finding("task " + began->task + " is begun a second time by one runner")
               : std::nullopt;
}

/// Of the way forward.
bool has_run(const RolloutSeen& rollout, const Plan& plan, const Step& step) {
    const auto* run = std::get_if<RunTask>(&step.action);
    if (run == nullptr) {
        return true;
    }
    const auto task = rollout.tasks.find(run->task);
    const bool may_fail = plan.tasks.at(run->task).on_error == OnTaskError::warn;
    return task != rollout.tasks.end() && (task->second.done || may_fail);
}

/// Promoted is what has done everything.
Finding promotes_without(const Memory& memory, const EntrySeen& seen) {
    const auto* change = std::get_if<StateChanged>(&seen.entry);
    const auto* rollout = find_rollout(memory, seen);
    if (change == nullptr || rollout == nullptr || change->to != RolloutState::promoted ||
        seen.journal != 0) {  // another machine's journal shows what was done there alone
        return std::nullopt;
    }
    for (const auto& step : memory.plan.course.steps) {
        if (!has_run(*rollout, memory.plan, step)) {
            return "promoted without " + deployctl::to_text(step.action);
        }
    }
    return std::nullopt;
}

/// As the command line, or another machine, has it from a person.
bool is_wish(const std::string& reason) {
    constexpr std::array wishes{"rolled back by ", "aborted by ", "sent back elsewhere"};
    return std::ranges::any_of(wishes, [&](const char* wish) { return reason.starts_with(wish); });
}

/// Only a person's wish goes back past a contract migration.
Finding goes_back_past_a_contract(const Memory& memory, const EntrySeen& seen) {
    const auto* change = std::get_if<StateChanged>(&seen.entry);
    const auto* rollout = find_rollout(memory, seen);
    const bool turns = change != nullptr && rollout != nullptr && rollout->is_past_contract &&
                       rollout->direction == Direction::forward &&
                       change->direction == Direction::back;
    if (!turns || rollout->sent_back || is_wish(change->reason)) {
        return std::nullopt;
    }
    return "it goes back by itself, past a contract migration, for " + rollout->cause;
}

}  // namespace

std::span<const EntryRule> tasking_rules() {
    static constexpr std::array rules{
        EntryRule{"I38", begins_again},
        EntryRule{"I38", promotes_without},
        EntryRule{"I39", goes_back_past_a_contract},
    };
    return rules;
}

}  // namespace deployctl::simulation
