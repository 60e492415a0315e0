// SPDX-License-Identifier: Apache-2.0
#include "engine/executor.hpp"

#include "engine/cluster_record.hpp"
#include "engine/conditions.hpp"
#include "engine/objects.hpp"
#include "engine/steps_done.hpp"
#include "engine/task_trail.hpp"
#include "engine/time_spent.hpp"
#include "engine/verification.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

/// How it began to go wrong, and what it was that sent it back.
std::string summary_of(const Cause& cause) {
    return cause.headline + (cause.later.empty() ? "" : "; " + cause.later.back());
}

}  // namespace

Executor::Tools::Tools(const Ports& ports, const Plan& plan, Journal& journal)
    : lease(ports.cluster, ports.clock, ports.runners, plan.target),
      look(ports.cluster, ports.clock),
      effects(ports, journal, lease, look),
      vigil(ports, plan, journal, lease, look),
      actions(ports, plan, journal, effects, vigil) {}

Executor::Executor(Ports ports, const Plan& plan, RolloutRecord record, RunOptions options)
    : ports_(ports),
      plan_(plan),
      options_(std::move(options)),
      journal_(ports.store, ports.sink, std::move(record)),
      tools_(ports, plan, journal_) {}

const std::vector<Step>& Executor::steps() const {
    return journal_.record().direction == Direction::forward ? plan_.course.steps : plan_.way_back;
}

RunResult Executor::result(ExitCode exit) const {
    return {journal_.record(), mood_.cause, exit};
}

Task<RunResult> Executor::guarded(std::optional<Request> request) {
    mood_.begun = ports_.clock.boot_time();
    auto leaving = co_await take_up(request);
    if (!leaving) {
        leaving = co_await walk();
    }
    if (!mood_.silent && tools_.lease.epoch() > 0) {
        co_await let_go();
    }
    co_return result(leaving->exit);
}

Task<Executor::Leaving> Executor::walk() {
    for (;;) {
        auto leaving = co_await walk_step();
        if (leaving) {
            co_return *leaving;
        }
    }
}

bool Executor::stops_here(const Step& step) const {
    return mood_.traffic_only && journal_.record().direction == Direction::back &&
           (std::holds_alternative<Drain>(step.action) ||
            std::holds_alternative<VerifyOutcome>(step.action));
}

/// Only the way forward has an end in time: a pause does not use it up, and the way back is not
/// cut, but where this runner was told to terminate. Once it runs, boot time counts.
Task<> Executor::watch_the_time() {
    Vigil::Deadlines deadlines;
    deadlines.leaves_people = options_.on_pause == PausePolicy::leave;
    const auto now = ports_.clock.boot_time();
    if (options_.timeout > Duration{} && journal_.record().direction == Direction::forward) {
        deadlines.watching = mood_.begun + options_.timeout;
    }
    if (mood_.leave_by) {
        deadlines.watching =
            std::min(*mood_.leave_by, deadlines.watching.value_or(*mood_.leave_by));
    }
    if (journal_.record().state == RolloutState::running) {
        deadlines.rollout = tools_.vigil.deadlines().rollout;
        if (!deadlines.rollout) {
            const auto id = journal_.record().id;
            const auto events = co_await ports_.store.events(id, 0);
            const auto spent = time_spent(events, ports_.clock.now());
            deadlines.rollout = now + (plan_.timeouts.rollout - spent);
        }
    }
    tools_.vigil.obey(deadlines);
}

Task<std::optional<Executor::Leaving>> Executor::walk_step() {
    co_await watch_the_time();
    const auto state = journal_.record().state;
    if (state == RolloutState::paused) {
        auto woken = co_await stand_still();
        co_return woken;
    }
    const auto index = static_cast<std::size_t>(journal_.record().step);
    const bool is_as_it_was = co_await has_nothing_to_restore();
    if (index >= steps().size() || is_as_it_was) {
        auto end = co_await finish();
        co_return end;
    }
    const auto step = steps()[index];
    tools_.lease.stand_at(Standing{journal_.record().direction, journal_.record().step});
    if (stops_here(step)) {
        const std::string reason = "interrupted; the traffic is on the previous version";
        auto paused = co_await pause(reason, ExitCode::stopped_watching);
        co_return paused;
    }
    if (is_time_to_leave()) {
        auto left = co_await leave_unfinished();
        co_return left;
    }
    const auto direction = journal_.record().direction;
    if (direction == Direction::forward && ports_.interrupts.is_asking()) {
        auto answered = co_await await_answer(step);
        if (answered.end == Outcome::End::done) {
            co_return std::nullopt;
        }
        const Duration no_time{};
        auto leaving = co_await conclude(step, answered, no_time);
        co_return leaving;
    }
    Entry started =
        StepStarted{direction, journal_.record().step, step.stage, to_text(step.action)};
    co_await journal_.write(started);
    const auto begun = ports_.clock.boot_time();
    auto outcome = co_await perform_guarded(step);
    const auto took = ports_.clock.boot_time() - begun;
    auto leaving = co_await conclude(step, outcome, took);
    co_return leaving;
}

/// Only a wish, a signal or the time ends it; no step is at hand, so none is written down.
Task<std::optional<Executor::Leaving>> Executor::stand_still() {
    WaitOrder wait;
    wait.step = {"paused", Hold{}, {}};
    wait.condition = [](const World&) { return Reading{false, "paused", 0}; };
    wait.watch = Watch::nothing;
    const auto step = wait.step;
    auto woken = co_await tools_.vigil.until(wait);
    const Duration no_time{};
    auto leaving = co_await conclude(step, woken, no_time);
    co_return leaving;
}

Task<std::optional<Executor::Leaving>> Executor::conclude(
    Step step, Outcome outcome, Duration took
) {
    const auto direction = journal_.record().direction;
    const auto index = journal_.record().step;
    switch (outcome.end) {
        case Outcome::End::done: {
            Entry entry =
                StepFinished{direction, index, step.stage, StepResult::done, outcome.detail, took};
            co_await journal_.write(entry);
            co_return std::nullopt;
        }
        case Outcome::End::failed: {
            auto failed = co_await on_failure(step, outcome);
            co_return failed;
        }
        case Outcome::End::cannot_tell: {
            std::vector<Entry> found;
            found.emplace_back(CauseFound{outcome.cause});
            mood_.cause = outcome.cause;
            const auto reason = outcome.cause.headline;
            auto paused = co_await pause_after(found, reason, ExitCode::paused);
            tools_.vigil.accept(outcome.cause);
            co_return paused;
        }
        case Outcome::End::requested: {
            auto asked = co_await on_request(outcome.request);
            co_return asked;
        }
        case Outcome::End::interrupted: {
            auto stopped = co_await on_interrupt(outcome.interrupt);
            co_return stopped;
        }
        case Outcome::End::watched_enough: {
            if (is_time_to_leave()) {
                auto left = co_await leave_unfinished();
                co_return left;
            }
            const auto reason =
                "watched for " + deployctl::to_text(options_.timeout) + " (--timeout)";
            auto stopped = co_await pause(reason, ExitCode::stopped_watching);
            co_return stopped;
        }
    }
    co_return std::nullopt;
}

Task<std::optional<Executor::Leaving>> Executor::on_failure(Step step, Outcome outcome) {
    const auto direction = journal_.record().direction;
    const auto index = journal_.record().step;
    const auto headline = outcome.cause.headline;
    if (direction == Direction::forward && outcome.on_failure == OnFailure::rollback) {
        const bool has_changed_nothing = co_await is_before_first_change(index);
        if (has_changed_nothing) {
            auto declined = co_await decline(outcome.cause);
            co_return declined;
        }
        const bool is_past = co_await is_past_contract();
        if (!is_past) {
            co_await turn_back(outcome.cause);
            co_return std::nullopt;
        }
        outcome.cause.later.emplace_back(past_contract_note);
    }
    if (mood_.cause) {
        mood_.cause->later.push_back(headline);  // the first cause stays the first
    } else {
        mood_.cause = outcome.cause;
    }
    std::vector<Entry> entries;
    entries.emplace_back(
        StepFinished{direction, index, step.stage, StepResult::failed, headline, Duration{}}
    );
    entries.emplace_back(CauseFound{*mood_.cause});
    co_await journal_.write_all(entries);
    if (direction == Direction::forward) {
        auto paused = co_await pause(headline, ExitCode::paused);
        co_return paused;
    }
    auto given_up = co_await give_up(headline);
    co_return given_up;
}

/// What goes back by itself must leave a version that can serve.
Task<bool> Executor::is_past_contract() {
    const auto id = journal_.record().id;
    const auto events = co_await ports_.store.events(id, 0);
    co_return engine::is_past_contract(events, plan_);
}

/// So far the plan has only been recorded and asked, and nothing else was ever written for it: an
/// autoscaler that is still to be held is as it was.
Task<bool> Executor::is_before_first_change(int index) {
    const auto end = plan_.course.steps.begin() + index + 1;
    const bool has_only_asked = std::all_of(plan_.course.steps.begin(), end, [&](const Step& step) {
        return std::holds_alternative<RecordSnapshot>(step.action) ||
               std::holds_alternative<PassGates>(step.action) ||
               std::holds_alternative<AwaitApproval>(step.action) ||
               std::holds_alternative<HoldAutoscaler>(step.action) ||
               std::holds_alternative<CopyConfig>(step.action) || only_copies(plan_, step.action);
    });
    if (!has_only_asked || index == 0) {
        co_return false;
    }
    const auto id = journal_.record().id;
    const auto events = co_await ports_.store.events(id, 0);
    co_return shows_no_effect(events, record_ref(plan_.target, id));
}

Task<Executor::Leaving> Executor::decline(Cause cause) {
    mood_.cause = cause;
    const auto record = record_ref(plan_.target, journal_.record().id);
    const std::function<bool(const Value&)> is_ours = [](const Value&) { return true; };
    co_await tools_.effects.remove(record, is_ours);
    const auto direction = journal_.record().direction;
    const auto exit = ExitCode::blocked;
    std::vector<Entry> entries;
    entries.emplace_back(CauseFound{cause});
    entries.push_back(journal_.state_change(RolloutEvent::cancel, direction, cause.headline, exit));
    co_await journal_.write_all(entries);
    co_return Leaving{exit};
}

Task<Executor::Leaving> Executor::give_up(std::string why) {
    const auto direction = journal_.record().direction;
    const auto world = co_await tools_.look.fresh();
    const auto exit = traffic_is_safe(plan_, world) ? ExitCode::paused : ExitCode::not_rolled_back;
    co_await journal_.change_state(RolloutEvent::give_up, direction, why, exit);
    co_return Leaving{exit};
}

/// Promoted is what has passed every step, the last of which verifies the end: the journal has to
/// show them all.
Task<std::optional<Executor::Leaving>> Executor::promote() {
    const auto id = journal_.record().id;
    const auto events = co_await ports_.store.events(id, 0);
    if (const auto missing = first_step_not_done(events, static_cast<int>(steps().size()))) {
        const auto& step = steps()[static_cast<std::size_t>(*missing)];
        Cause cause;
        cause.kind = "incomplete";
        cause.stage = step.stage;
        cause.headline = "the journal does not show that step " + std::to_string(*missing + 1) +
                         " was done: " + to_text(step.action);
        mood_.cause = cause;
        Entry found = CauseFound{cause};
        co_await journal_.write(found);
        auto given_up = co_await give_up(cause.headline);
        co_return given_up;
    }
    const std::string reason = plan_.release.tag + " serves";
    co_await journal_.change_state(
        RolloutEvent::finish, Direction::forward, reason, ExitCode::done
    );
    co_return Leaving{ExitCode::done};
}

/// Before the record stands nothing else was written: what differs from the snapshot by then is
/// somebody else's, and stays.
Task<bool> Executor::has_nothing_to_restore() {
    const auto& standing = journal_.record();
    if (standing.direction == Direction::forward || standing.step > 0) {
        co_return false;
    }
    const auto place = record_ref(plan_.target, standing.id);
    const auto record = co_await ports_.cluster.get(place);
    if (record) {
        co_return false;
    }
    const auto id = standing.id;
    const auto events = co_await ports_.store.events(id, 0);
    co_return shows_no_effect(events, place);
}

Task<std::optional<Executor::Leaving>> Executor::finish() {
    const auto direction = journal_.record().direction;
    if (direction == Direction::forward) {
        auto promoted = co_await promote();
        co_return promoted;
    }
    if (!mood_.retried_by.empty()) {
        const auto again = "retried by " + mood_.retried_by;
        co_await journal_.change_state(RolloutEvent::retry, Direction::forward, again);
        mood_.retried_by.clear();
        mood_.cause.reset();
        co_return std::nullopt;
    }
    const auto reason = mood_.cause ? summary_of(*mood_.cause) : std::string("rolled back");
    const auto exit = options_.asked_back ? ExitCode::done : ExitCode::rolled_back;
    co_await journal_.change_state(RolloutEvent::finish, direction, reason, exit);
    co_return Leaving{exit};
}

}  // namespace deployctl::engine
