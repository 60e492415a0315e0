// SPDX-License-Identifier: Apache-2.0
#include "cli/output/task_lines.hpp"

#include "cli/output/words.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace deployctl::cli {

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// "2 to change, 1 to destroy" of a stack as it was planned.
std::string counts_of(const StackWork& stack) {
    const auto count = [&stack](std::string_view signs) {
        return std::ranges::count_if(stack.changes, [&](const std::string& change) {
            return !change.empty() && signs.find(change.front()) != signs.npos;
        });
    };
    const auto destroyed = count("-±");
    const auto changed = std::ssize(stack.changes) - destroyed;
    return std::to_string(changed) + " to change, " + std::to_string(destroyed) + " to destroy";
}

std::string remark(const ReleaseTask& task, Direction direction) {
    std::vector<std::string> words;
    const auto* stack = std::get_if<StackWork>(&task.work);
    if (stack != nullptr && !stack->changes.empty()) {
        words.push_back(counts_of(*stack));
    }
    if (task.migration == Migration::contract) {
        words.emplace_back("contract: from here on nothing goes back by itself");
    } else if (task.migration == Migration::expand) {
        words.emplace_back("expand");
    }
    if (task.on_error == OnTaskError::warn) {
        words.emplace_back("a failure only warns");
    }
    if (direction == Direction::back) {
        words.emplace_back("only on the way back");
    }
    return join(words, "; ");
}

void add_rows(const Plan& plan, const std::vector<Step>& steps, Direction direction, Rows& rows) {
    for (const auto& step : steps) {
        const auto* run = std::get_if<RunTask>(&step.action);
        const auto task = run == nullptr ? plan.tasks.end() : plan.tasks.find(run->task);
        if (task != plan.tasks.end()) {
            rows.push_back({
                "  " + printable(task->first),
                printable(to_text(task->second.work)),
                "at most " + to_text(task->second.timeout),
                printable(remark(task->second, direction)),
            });
        }
    }
}

}  // namespace

std::string task_lines(const Plan& plan, const Style& style) {
    Rows rows;
    add_rows(plan, plan.course.steps, Direction::forward, rows);
    add_rows(plan, plan.way_back, Direction::back, rows);
    return rows.empty() ? "" : "Beside the pods\n" + table(style, rows, Folding::none);
}

}  // namespace deployctl::cli
