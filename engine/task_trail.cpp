// SPDX-License-Identifier: Apache-2.0
#include "engine/task_trail.hpp"

#include "ports/task_evidence.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

const std::string task_started = event_type_of(TaskBegan{});
const std::string task_finished = event_type_of(TaskEnded{});
constexpr std::string_view state_changed = "rollout.state";
constexpr std::string_view cause_found = "rollout.cause";

/// By the cluster's record, or by nobody who could say so: the way back does not show how far the
/// way forward came.
bool may_be_applied_elsewhere(
    const Plan& plan, const std::vector<Event>& events, const std::string& stack
) {
    bool was_back = false;
    bool is_known = false;
    for (const auto& event : events) {
        was_back = was_back ||
                   (event.type == state_changed && event.data.text("/reason") == imported_reason &&
                    event.data.text("/direction") == to_text(Direction::back));
        const auto task = plan.tasks.find(event.data.text("/task"));
        const auto* work =
            task == plan.tasks.end() ? nullptr : std::get_if<StackWork>(&task->second.work);
        const bool is_apply = work != nullptr && work->stack == stack && !work->reverts;
        if (event.type == task_started && is_apply) {
            is_known = !event.data.text("/attempt").empty();
            if (!is_known) {
                return true;
            }
        }
    }
    return was_back && !is_known;
}

bool is_told(const std::vector<Event>& events, const std::string& task) {
    return std::ranges::any_of(events, [&task](const Event& event) {
        return event.type == cause_found && event.data.text("/kind") == task_unknown_cause &&
               event.data.text("/subject") == task;
    });
}

bool turns(const Event& event, Direction to) {
    return event.type == state_changed && event.data.text("/direction") != to_text(to);
}

}  // namespace

TaskTrail trail_of(const std::vector<Event>& events, Direction direction, const std::string& task) {
    TaskTrail trail;
    for (const auto& event : events) {
        if (turns(event, direction)) {
            trail = {};
        } else if (event.type == task_started && event.data.text("/task") == task) {
            trail = {false, true, false, event.data.text("/attempt")};
        } else if (event.type == task_finished && event.data.text("/task") == task) {
            trail = {event.data.text("/end") == to_text(TaskEnd::done), false, false, {}};
        } else if (event.type == cause_found && event.data.text("/kind") == task_unknown_cause) {
            trail.is_settled = trail.is_open && event.data.text("/subject") == task;
        }
    }
    return trail;
}

bool is_past_contract(const std::vector<Event>& events, const Plan& plan) {
    return std::ranges::any_of(events, [&](const Event& event) {
        const auto task = plan.tasks.find(event.data.text("/task"));
        return event.type == task_started && task != plan.tasks.end() &&
               task->second.migration == Migration::contract;
    });
}

std::vector<Entry> tasks_shown_elsewhere(
    const Plan& plan, const std::vector<Event>& events, const ShownElsewhere& shown
) {
    std::vector<Entry> entries;
    const auto& steps = plan.course.steps;
    const int done_before = std::max(shown.done_before, shown.stood_at);
    const int end = std::max(done_before, shown.stood_at + 1);
    for (int index = shown.from; index < std::min(end, static_cast<int>(steps.size())); ++index) {
        const auto* run = std::get_if<RunTask>(&steps[static_cast<std::size_t>(index)].action);
        if (run == nullptr) {
            continue;
        }
        const auto known = trail_of(events, Direction::forward, run->task);
        const std::string how = "by a runner with another journal, as the cluster shows";
        if (!known.is_open && !known.is_done) {
            entries.emplace_back(TaskBegan{Direction::forward, index, run->task, "", how});
        }
        if (index < done_before && !known.is_done) {
            entries.emplace_back(TaskEnded{index, run->task, "", TaskEnd::done, how, {}, {}});
        }
    }
    return entries;
}

TaskReport with_doubts(
    const Plan& plan, const std::vector<Event>& events, const TaskOrder& order, TaskReport report
) {
    const auto* work = std::get_if<StackWork>(&order.task.work);
    const bool is_about_it =
        work != nullptr && work->reverts && report.evidence.flag(nothing_applied_here);
    if (!is_about_it || !may_be_applied_elsewhere(plan, events, work->stack)) {
        return report;
    }
    if (is_told(events, order.name)) {
        report.detail = "stack " + work->stack + " is left to who went on";
        return report;
    }
    report.end = TaskEnd::cannot_tell;
    report.detail =
        "stack " + work->stack +
        " may have been applied by a runner with another journal, and only that one knows its "
        "configuration before: it was NOT taken back; `deployctl infra apply " +
        work->stack + "` with the earlier files does that, then `deployctl rollout resume`";
    return report;
}

bool only_copies(const Plan& plan, const Action& action) {
    const auto* run = std::get_if<RunTask>(&action);
    const auto task = run == nullptr ? plan.tasks.end() : plan.tasks.find(run->task);
    return task != plan.tasks.end() && std::holds_alternative<BackupWork>(task->second.work);
}

}  // namespace deployctl::engine
