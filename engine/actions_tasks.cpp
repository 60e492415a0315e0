// SPDX-License-Identifier: Apache-2.0
// The step that does something beside the pods. No fence guards it: its intent is journaled before
// it begins, how it ended afterwards, and what a dead runner has left open is done again or asked
// about. The pods and the step's gates stay watched meanwhile.
#include "engine/actions.hpp"
#include "engine/task_errand.hpp"
#include "engine/task_outputs.hpp"
#include "engine/task_trail.hpp"
#include "ports/task_evidence.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

namespace deployctl::engine {

namespace {

constexpr Duration grace_to_end = seconds(60);
constexpr Duration grace_to_terminate = seconds(4);
constexpr Duration between_questions = milliseconds(100);

struct Rules {
    Direction direction{};
    OnFailure on_failure{};
};

bool warns(const ReleaseTask& task) {
    return task.on_error == OnTaskError::warn;
}

/// The previous version serves and is verified by then: a program of the user's own that fails must
/// not keep the rollout from its end, which it could do for ever.
bool is_only_warned(const ReleaseTask& task, Direction direction) {
    return direction == Direction::back && !std::holds_alternative<StackWork>(task.work);
}

Outcome end_of(
    const Step& step, const TaskOrder& order, const TaskReport& report, const Rules& rules
) {
    Outcome outcome;
    outcome.detail = report.detail;
    if (report.end == TaskEnd::done) {
        return outcome;
    }
    const bool is_unknown = report.end == TaskEnd::cannot_tell;
    if (is_only_warned(order.task, rules.direction) || (!is_unknown && warns(order.task))) {
        outcome.detail = "failed, which is only a warning: " + report.detail;
        return outcome;
    }
    outcome.end = is_unknown ? Outcome::End::cannot_tell : Outcome::End::failed;
    outcome.on_failure = rules.on_failure;
    outcome.cause.kind = is_unknown ? std::string(task_unknown_cause) : "task_failed";
    outcome.cause.stage = step.stage;
    outcome.cause.subject = order.name;
    const auto* how = is_unknown ? " cannot go on by itself: " : " failed: ";
    outcome.cause.headline =
        "task " + order.name + " (" + to_text(order.task.work) + ")" + how + report.detail;
    outcome.cause.notices = read_lines(report.evidence.at("/output"));
    return outcome;
}

TaskReport untold(const std::string& placeholder) {
    return {
        TaskEnd::failed,
        placeholder +
            " is not known: its stack has not been applied by this rollout, as this "
            "journal has it, or puts out nothing of that name that may be told",
        {}
    };
}

TaskReport nobody_knows() {
    return {
        TaskEnd::cannot_tell,
        "it was begun, and nobody knows how it ended, since its runner is gone or it was "
        "called off; `rollout resume` runs it again, `rollout rollback` goes back",
        {}
    };
}

/// Fills its arguments in; says why it cannot be begun.
std::optional<TaskReport> fit(
    TaskOrder& order, const TaskTrail& trail, const Plan& plan, const std::vector<Event>& events
) {
    if (trail.is_open && !trail.is_settled && order.task.after_crash == AfterCrash::ask) {
        return nobody_knows();
    }
    auto* const program = std::get_if<ProgramWork>(&order.task.work);
    const auto unknown = program == nullptr ? "" : fill_outputs(*program, plan, events);
    return unknown.empty() ? std::nullopt : std::optional(untold(unknown));
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
    order.attempt.is_repeat = trail.is_open;
    order.cluster = &ports_.cluster;
    const auto* const job = std::get_if<JobWork>(&order.task.work);
    const bool is_same_job = job != nullptr && trail.is_open && !trail.attempt.empty();
    if (is_same_job) {
        order.attempt.id = trail.attempt;
        const auto same = *job;
        const bool is_there = co_await job_is_there(order, same);
        if (is_there) {  // it can be seen, so it is never made twice
            auto outcome = co_await run_job(step, order, same);
            co_return outcome;
        }
    }
    if (const auto hindrance = fit(order, trail, plan_, events)) {
        co_return end_of(step, order, *hindrance, {record.direction, plan_.on_failure});
    }
    if (!is_same_job) {  // under the same name a late create of it makes no second one
        order.attempt.id = ports_.ids.next();
    }
    Entry began = TaskBegan{
        record.direction, record.step, order.name, order.attempt.id, to_text(order.task.work)
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
    if (report.evidence.flag(nothing_applied_here)) {
        const auto events = co_await ports_.store.events(journal_.record().id, 0);
        report = with_doubts(plan_, events, order, std::move(report));
    }
    Entry ended = TaskEnded{
        journal_.record().step,
        order.name,
        order.attempt.id,
        report.end,
        report.detail,
        report.evidence,
        took,
    };
    co_await journal_.write(ended);
    co_return end_of(step, order, report, {journal_.record().direction, plan_.on_failure});
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
    auto outcome = co_await until_stopped(wait);
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

/// What a task that runs cannot follow is heard, and does not end it.
Task<Outcome> Actions::until_stopped(WaitOrder wait) {
    for (;;) {
        auto outcome = co_await vigil_.until(wait);
        const auto& wish = outcome.request;
        const bool is_followed = sends_back(wish.kind) || wish.kind == RequestKind::pause;
        const bool stops = is_followed && !is_going_back();
        if (outcome.end != Outcome::End::requested || stops) {
            co_return outcome;
        }
        if (wish.id != 0) {
            Entry heard = RequestTaken{wish.id, wish.kind, wish.by, wish.reason};
            co_await journal_.write(heard);
        }
    }
}

/// One that had ended by itself has its own end. Any other stays open in the journal, with what it
/// said last: nobody knows how far it came, and who goes on repeats it, or asks.
Task<> Actions::call_task_off(Step step, Outcome outcome) {
    const auto errand = std::exchange(running_, nullptr);
    const bool had_ended = co_await errand->has_ended();
    if (!had_ended) {
        const bool is_terminated =
            outcome.end == Outcome::End::interrupted && outcome.interrupt == Interrupt::terminate;
        const auto grace = is_terminated ? grace_to_terminate : grace_to_end;
        co_await see_off(errand.get(), grace, Holding::kept);
        auto told = told_by(*errand);
        const auto& last = errand->last_words();
        if (!last.detail.empty()) {
            auto fact = Value::map({{"type", "called_off"}, {"evidence", last.evidence}});
            fact.set("/text", "called off: " + last.detail);
            told.emplace_back(TaskTold{journal_.record().step, errand->order().name, fact});
        }
        co_await journal_.write_all(told);
        co_return;
    }
    const auto report = errand->result();
    const auto took = ports_.clock.boot_time() - errand->begun();
    const auto order = errand->order();
    co_await end_task(step, order, report, took);
}

/// Its program ends in its own way; a Lease that is ours is kept meanwhile.
Task<> Actions::see_off(TaskErrand* errand, Duration grace, Holding lease) {
    const auto until = ports_.clock.boot_time() + grace;
    co_await errand->stop();
    bool is_over = co_await errand->has_ended();
    while (!is_over && ports_.clock.boot_time() < until) {
        co_await ports_.clock.sleep(between_questions);
        if (lease == Holding::kept) {
            co_await vigil_.keep_lease();
        }
        is_over = co_await errand->has_ended();
    }
}

Task<> Actions::leave_task() {
    const auto errand = std::exchange(running_, nullptr);
    if (errand) {
        co_await see_off(errand.get(), grace_to_end, Holding::lost);
    }
}

Task<> Actions::attend_task(bool* over, Task<> care) {
    co_await std::move(care);
    *over = co_await running_->has_ended();
    const auto told = told_by(*running_);
    co_await journal_.write_all(told);
}

std::vector<Entry> Actions::told_by(TaskErrand& errand) const {
    std::vector<Entry> told;
    for (auto& fact : errand.take_facts()) {
        told.emplace_back(TaskTold{journal_.record().step, errand.order().name, std::move(fact)});
    }
    return told;
}

}  // namespace deployctl::engine
