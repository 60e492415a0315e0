// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/stack_tasks.hpp"

#include "model/text.hpp"
#include "plugins/terraform/root_module.hpp"
#include "plugins/terraform/stack_report.hpp"
#include "ports/printed.hpp"
#include "ports/task_evidence.hpp"

#include <algorithm>

namespace deployctl::plugins {

using terraform::add_orphans;
using terraform::address_of;
using terraform::Agreement;
using terraform::BeforeRollout;
using terraform::changed_report;
using terraform::compare;
using terraform::destroys_of;
using terraform::keep_cancellation;
using terraform::mark_of;
using terraform::open_addresses;
using terraform::outputs_value;
using terraform::PlannedChanges;
using terraform::report_of;
using terraform::Stack;
using terraform::stack_folder_path;
using terraform::StackChange;
using terraform::StackFolder;
using terraform::StackOrder;
using terraform::StackRun;
using terraform::stage_copy;

namespace {

std::vector<std::string> creates_of(const std::vector<std::string>& changes) {
    std::vector<std::string> addresses;
    for (const auto& line : changes) {
        if (line.starts_with("+ ")) {
            addresses.push_back(address_of(line));
        }
    }
    return addresses;
}

TaskReport cannot_tell(std::string why) {
    return {TaskEnd::cannot_tell, std::move(why), {}};
}

TaskReport done(std::string what) {
    return {TaskEnd::done, std::move(what), Value::map()};
}

/// Of the state that the rollout has applied to; empty: not known.
std::string lineage_of(const BeforeRollout& before, const StackFolder& folder) {
    const auto last = folder.applied();
    return !before.lineage.empty() || !last ? before.lineage : last->state.lineage;
}

/// Begun by an apply that was cut off, and perhaps not in the state. Asked before anything else is
/// applied, which forgets it.
std::vector<std::string> orphans_of(const std::optional<StackRun>& was, const StackFolder& folder) {
    return was ? open_addresses(folder.path() + "/apply.jsonl") : std::vector<std::string>();
}

/// What going back would destroy or replace although the rollout has not made it; and what it has
/// made, where content may have come into it since.
std::vector<std::string> beyond_the_rollout(
    const BeforeRollout& before, const std::vector<StackChange>& changes
) {
    std::vector<std::string> beyond;
    for (const auto& change : changes) {
        const bool is_its_own =
            !change.is_stateful && std::ranges::count(before.creates, change.address) > 0;
        if (!destroys_of({change}).empty() && !is_its_own) {
            beyond.push_back(change.address);
        }
    }
    return beyond;
}

enum class Turn { first, again };

/// Why what is planned now is not what the rollout was allowed to apply.
std::optional<TaskReport> objection_to(
    const PlannedChanges& planned, const StackWork& work, Turn turn
) {
    if (planned.configuration_hash != work.configuration_hash) {
        return cannot_tell(
            "the files in " + work.settings.dir +
            " are not what they were when the rollout was planned; nothing was applied"
        );
    }
    if (!planned.doubt.empty() && turn == Turn::first) {
        return cannot_tell(planned.doubt + "; nothing was applied");
    }
    const auto agreement = compare(work.changes, planned.plan.changes);
    const bool is_too_little = agreement == Agreement::part && turn == Turn::first;
    return agreement == Agreement::another || is_too_little
               ? std::optional(changed_report(work.changes, planned.plan.changes))
               : std::nullopt;
}

}  // namespace

Task<TaskReport> StackTasks::run(TaskOrder order) {
    co_await keep_cancellation();
    const auto& work = std::get<StackWork>(order.task.work);
    StackFolder folder(stack_folder_path(state_folder_, order.target, work.stack));
    if (!folder.take()) {
        co_return cannot_tell("another runner of this machine works on stack " + work.stack);
    }
    StackOrder about;
    about.stack = work.stack;
    about.settings = work.settings;
    about.program = work.program;
    about.tell = order.tell;
    Stack stack(std::move(about), folder, {clock_, runners_});
    auto* const its_stack = &stack;
    auto* const its_folder = &folder;
    auto report = co_await go_on(order, its_stack, its_folder);
    co_return report;
}

Task<TaskReport> StackTasks::go_on(TaskOrder order, Stack* stack, StackFolder* folder) {
    const auto halt = co_await stack->prepare();
    if (halt) {
        co_return report_of(*halt);
    }
    auto way = std::get<StackWork>(order.task.work).reverts ? bring_back(order, stack, folder)
                                                            : bring_out(order, stack, folder);
    auto report = co_await std::move(way);
    co_return report;
}

Task<TaskReport> StackTasks::bring_out(TaskOrder order, Stack* stack, StackFolder* folder) {
    const auto& work = std::get<StackWork>(order.task.work);
    std::optional<StackRun> was;
    auto* const left = &was;
    const auto halt = co_await stack->recover(left);
    if (halt) {
        co_return report_of(*halt);
    }
    const auto orphans = orphans_of(was, *folder);
    auto planned = co_await stack->plan();
    if (planned.halt) {
        co_return report_of(*planned.halt);
    }
    // also after an apply that failed half way, whose end is known: it was noted before it began
    const bool goes_on = order.attempt.is_repeat || (was && was->owner == order.rollout) ||
                         folder->before(order.rollout).has_value();
    if (const auto objection = objection_to(planned, work, goes_on ? Turn::again : Turn::first)) {
        co_return *objection;
    }
    if (!planned.plan.has_changes()) {
        folder->forget_run();
        auto report = done("nothing is left to do: the plan is empty");
        const auto outputs = co_await stack->outputs();
        report.evidence = Value::map({{"outputs", outputs_value(outputs)}});
        add_orphans(report, orphans);
        co_return report;
    }
    folder->note_before(order.rollout, creates_of(work.changes), mark_of(planned.state));
    const auto plan = planned;
    const auto applied = co_await stack->apply(plan, order.rollout);
    folder->note_lineage(order.rollout, applied.state.lineage);
    auto report = report_of(planned, applied);
    if (!applied.halt) {
        const auto outputs = co_await stack->outputs();
        report.evidence.set("/outputs", outputs_value(outputs));
    }
    add_orphans(report, orphans);
    co_return report;
}

Task<TaskReport> StackTasks::bring_back(TaskOrder order, Stack* stack, StackFolder* folder) {
    const auto& work = std::get<StackWork>(order.task.work);
    const auto before = folder->before(order.rollout);
    if (!before) {
        auto nothing = done("nothing was applied, so nothing goes back");
        nothing.evidence = Value::map();
        nothing.evidence.set(nothing_applied_here, true);
        co_return nothing;
    }
    if (before->configuration_hash.empty()) {
        co_return cannot_tell(
            "nobody knows which configuration was applied before: this machine has not planned the "
            "stack without changes since its state was last written, or could keep no copy of its "
            "files; go back by hand: `deployctl infra apply " +
            work.stack + "` with the earlier files"
        );
    }
    std::optional<StackRun> was;
    auto* const left = &was;
    const auto halt = co_await stack->recover(left);
    if (halt) {
        co_return report_of(*halt);
    }
    const auto orphans = orphans_of(was, *folder);
    const auto stage = folder->path() + "/stage";
    if (!stage_copy(folder->copy_of(before->configuration_hash), work.settings.dir, stage)) {
        co_return cannot_tell("the copy of the configuration before cannot be read");
    }
    stack->work_in(stage);
    const auto trouble = co_await stack->prepare();
    if (trouble) {
        co_return report_of(*trouble);
    }
    auto report = co_await apply_back(order, stack, folder, *before);
    add_orphans(report, orphans);
    co_return report;
}

Task<TaskReport> StackTasks::apply_back(
    TaskOrder order, Stack* stack, StackFolder* folder, BeforeRollout before
) {
    const auto& work = std::get<StackWork>(order.task.work);
    auto planned = co_await stack->plan();
    if (planned.halt) {
        co_return report_of(*planned.halt);
    }
    const auto lineage = lineage_of(before, *folder);
    if (!lineage.empty() && planned.state.lineage != lineage) {
        co_return cannot_tell(
            "the configuration before keeps its state elsewhere: it was planned over " +
            (planned.state.lineage.empty() ? "none" : "lineage " + planned.state.lineage) +
            ", and the rollout has applied to lineage " + lineage +
            "; nothing was applied: go back by hand, `deployctl infra apply " + work.stack +
            "` with the earlier files"
        );
    }
    if (!planned.plan.has_changes()) {
        folder->forget_run();
        co_return done("the configuration before has no changes to make");
    }
    const auto beyond = beyond_the_rollout(before, planned.plan.changes);
    if (!beyond.empty() && !work.settings.allow_destroy) {
        co_return cannot_tell(
            "going back would destroy or replace what the rollout has not made, or what may have "
            "got content since: " +
            first_few(beyond, ", ") + "; nothing was applied"
        );
    }
    const auto plan = planned;
    const auto applied = co_await stack->apply(plan, order.rollout);
    co_return report_of(planned, applied);
}

}  // namespace deployctl::plugins
