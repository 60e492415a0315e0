// SPDX-License-Identifier: Apache-2.0
// The step that does something beside the pods. No fence guards it: its intent is journaled before
// it begins, how it ended afterwards, and what a dead runner has left open is done again or asked
// about. The pods and the step's gates stay watched meanwhile.
#include "engine/actions.hpp"
#include "engine/task_errand.hpp"
#include "engine/task_trail.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

namespace deployctl::engine {

namespace {

constexpr Duration grace_to_end = seconds(60);
constexpr Duration grace_to_terminate = seconds(4);

Outcome end_of(
    const Step& step, const TaskOrder& order, const TaskReport& report, OnFailure on_failure
) {
    Outcome outcome;
    outcome.detail = report.detail;
    if (report.end == TaskEnd::done) {
        return outcome;
    }
    const bool is_unknown = report.end == TaskEnd::cannot_tell;
    if (!is_unknown && order.task.on_error == OnTaskError::warn) {
        outcome.detail = "failed, which is only a warning: " + report.detail;
        return outcome;
    }
    outcome.end = is_unknown ? Outcome::End::cannot_tell : Outcome::End::failed;
    outcome.on_failure = on_failure;
    outcome.cause.kind = is_unknown ? std::string(task_unknown_cause) : "task_failed";
    outcome.cause.stage = step.stage;
    outcome.cause.subject = order.name;
    const auto* how = is_unknown ? " cannot go on by itself: " : " failed: ";
    outcome.cause.headline =
        "task " + order.name + " (" + to_text(order.task.work) + ")" + how + report.detail;
    outcome.cause.notices = read_lines(report.evidence.at("/output"));
    return outcome;
}

}  // namespace

Task<Outcome> Actions::act(Step step, RunTask action) {
    if (running_ && running_->order().name == action.task) {
        const auto same = running_->order();
        auto outcome = co_await run_beside(step, same);
        co_return outcome;
    }
    const auto& record = journal_.record();
    const auto id = record.id;
    const auto events = co_await ports_.store.events(id, 0);
    const auto trail = trail_of(events, record.direction, action.task);
    if (trail.is_done) {
        co_return Outcome{Outcome::End::done, "was done already"};
    }
    TaskOrder order;
    order.name = action.task;
    order.task = plan_.tasks.at(action.task);
    order.rollout = id;
    order.target = plan_.target;
    order.version = plan_.release.tag;
    order.is_repeat = trail.is_open;
    const auto* const job = std::get_if<JobWork>(&order.task.work);
    if (job != nullptr && trail.is_open) {  // it can be seen, so it is never made twice
        order.attempt = trail.attempt;
        const auto same = *job;
        auto outcome = co_await run_job(step, order, same);
        co_return outcome;
    }
    if (trail.is_open && !trail.is_settled && order.task.after_crash == AfterCrash::ask) {
        const TaskReport unknown{
            TaskEnd::cannot_tell,
            "the runner that had begun it is gone, and nobody wrote how it ended; `rollout resume` "
            "runs it again, `rollout rollback` goes back",
            {}
        };
        co_return end_of(step, order, unknown, plan_.on_failure);
    }
    order.attempt = ports_.ids.next();
    Entry began = TaskBegan{
        record.direction, record.step, order.name, order.attempt, to_text(order.task.work)
    };
    co_await journal_.write(began);
    if (job != nullptr) {
        const auto work = *job;
        auto outcome = co_await run_job(step, order, work);
        co_return outcome;
    }
    auto outcome = co_await run_beside(step, order);
    co_return outcome;
}

/// What was written down by nobody else: how it ended.
Task<Outcome> Actions::end_task(Step step, TaskOrder order, TaskReport report, Duration took) {
    Entry ended = TaskEnded{
        journal_.record().step,
        order.name,
        order.attempt,
        report.end,
        report.detail,
        report.evidence,
        took,
    };
    co_await journal_.write(ended);
    co_return end_of(step, order, report, plan_.on_failure);
}

Task<Outcome> Actions::run_beside(Step step, TaskOrder order) {
    if (!running_) {
        const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
        running_ = std::make_unique<TaskErrand>(
            executor, ports_.outside.tasks, order, ports_.clock.boot_time()
        );
    }
    bool has_ended = false;
    auto wait = this->order(step, [&has_ended, text = to_text(order.task.work)](const World&) {
        return Reading{has_ended, text, 0};
    });
    wait.patience = std::nullopt;
    wait.total = order.task.timeout;
    if (order.task.migration == Migration::contract) {
        wait.watch = Watch::nothing;  // half of it is worse than a bad pod, which is found after it
    }
    bool* const over = &has_ended;
    wait.upkeep = [this, over, care = wait.upkeep](const World* world) {
        return attend_task(over, care ? care(world) : nothing_to_do());
    };
    auto outcome = co_await vigil_.until(wait);
    if (outcome.end != Outcome::End::done) {
        co_await call_task_off(step, outcome);
        co_return outcome;
    }
    const auto ended_errand = std::exchange(running_, nullptr);
    const auto report = ended_errand->result();
    const auto took = ports_.clock.boot_time() - ended_errand->begun();
    auto ended = co_await end_task(step, order, report, took);
    co_return ended;
}

/// What has not ended within its grace stays open in the journal.
Task<> Actions::call_task_off(Step step, Outcome outcome) {
    const auto errand = std::exchange(running_, nullptr);
    const bool is_terminated =
        outcome.end == Outcome::End::interrupted && outcome.interrupt == Interrupt::terminate;
    auto* const clock = &ports_.clock;
    const auto grace = is_terminated ? grace_to_terminate : grace_to_end;
    const bool is_gone = co_await errand->call_off(clock, grace);
    if (is_gone) {
        const TaskReport cut{TaskEnd::failed, "called off: " + outcome.cause.headline, {}};
        const auto took = ports_.clock.boot_time() - errand->begun();
        const auto order = errand->order();
        co_await end_task(step, order, cut, took);
    }
}

Task<> Actions::leave_task() {
    const auto errand = std::exchange(running_, nullptr);
    if (errand) {
        auto* const clock = &ports_.clock;
        co_await errand->call_off(clock, grace_to_end);
    }
}

Task<> Actions::attend_task(bool* over, Task<> care) {
    co_await std::move(care);
    *over = co_await running_->has_ended();
    std::vector<Entry> told;
    const auto& name = running_->order().name;
    for (auto& fact : running_->take_facts()) {
        told.emplace_back(TaskTold{journal_.record().step, name, std::move(fact)});
    }
    co_await journal_.write_all(told);
}

}  // namespace deployctl::engine
