// SPDX-License-Identifier: Apache-2.0
#include "engine/executor.hpp"

#include "engine/conditions.hpp"
#include "engine/objects.hpp"
#include "engine/time_spent.hpp"
#include "engine/verification.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

constexpr Duration reconnect_interval = seconds(1);

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

Task<RunResult> Executor::run(std::optional<Request> request) {
    std::optional<RunResult> lost;
    try {
        auto ended = co_await guarded(request);
        co_return ended;
    } catch (const LostControl& error) {
        // Somebody else has it: nothing of ours may be written any more, not even that.
        auto taken = result(ExitCode::locked);
        taken.cause = Cause{};
        taken.cause->kind = "lost_control";
        taken.cause->headline = error.what();
        lost = std::move(taken);
    }
    co_return *lost;
}

Task<RunResult> Executor::guarded(std::optional<Request> request) {
    mood_.begun = ports_.clock.boot_time();
    auto leaving = co_await take_up(request);
    if (!leaving) {
        leaving = co_await walk();
    }
    if (!mood_.silent && tools_.lease.epoch() > 0) {
        const auto state = journal_.record().state;
        co_await tools_.lease.release(state);
    }
    co_return result(leaving->exit);
}

Task<std::optional<Executor::Leaving>> Executor::take_up(std::optional<Request> request) {
    const auto id = journal_.record().id;
    const auto known_epoch = journal_.record().epoch;
    std::int64_t highest = known_epoch;
    for (const auto& ref : claimed_objects(plan_)) {
        const auto object = co_await ports_.cluster.get(ref);
        highest = std::max(highest, object ? epoch_of(*object) : 0);
    }
    const auto taken = co_await tools_.lease.acquire(id, options_.lock, highest);
    if (taken.kind != LeaseAnswer::Kind::taken) {
        Cause cause;
        cause.kind = "locked";
        cause.headline = "the lock of " + plan_.target.app + " is held by " + taken.seen.holder +
                         " on " + taken.seen.runner.host + ", last renewed " + taken.seen.renewed;
        mood_.cause = cause;
        co_return Leaving{ExitCode::locked};
    }
    Entry entry = LeaseTaken{tools_.lease.epoch(), ports_.runners.self()};
    co_await journal_.write(entry);
    const auto state = journal_.record().state;
    const auto direction = journal_.record().direction;
    if (state == RolloutState::pending) {
        auto changed = co_await heed_changes();
        if (changed) {
            co_return changed;
        }
        co_await journal_.change_state(RolloutEvent::start, direction, "");
    } else {
        co_await settle_open_attempts();
        co_await claim_all();
    }
    const auto known = co_await ports_.store.cause(id);
    tools_.vigil.accept(known);
    if (journal_.record().state != RolloutState::running) {
        mood_.cause = known;  // what was held is over once it goes on
    }
    if (request) {
        auto leaving = co_await begin_with(*request);
        co_return leaving;
    }
    co_return std::nullopt;
}

/// Between the plan and the first write anybody may have changed what it was made from; then it is
/// not carried out, since it would take that back.
Task<std::optional<Executor::Leaving>> Executor::heed_changes() {
    for (const auto& ref : claimed_objects(plan_)) {
        const auto object = co_await ports_.cluster.get(ref);
        const auto found = object ? drift_of(plan_, 0, ref, *object) : std::vector<Difference>{};
        if (!found.empty()) {
            Cause cause;
            cause.kind = drift_cause;
            cause.subject = to_text(ref);
            cause.headline = "changed since the plan was made: " + line_of(found.front()) +
                             "; nothing was written, plan again";
            mood_.cause = cause;
            co_return Leaving{ExitCode::blocked};
        }
    }
    co_return std::nullopt;
}

Task<> Executor::settle_open_attempts() {
    const auto id = journal_.record().id;
    const auto open = co_await ports_.store.open_attempts(id);
    for (const auto& attempt : open) {
        const auto object = co_await ports_.cluster.get(attempt.intent.object);
        const auto fence = object ? fence_text_of(*object) : "";
        const bool applied = attempt.intent.verb == EffectVerb::remove
                                 ? !object || fence != attempt.intent.fence_before
                                 : object && fence == attempt.intent.fence_after;
        Entry settled = OutcomeRecorded{
            attempt.intent.attempt,
            applied ? AttemptState::applied : AttemptState::not_applied,
            "settled by reading, after the runner was lost",
        };
        co_await journal_.write(settled);
    }
}

Task<> Executor::claim_all() {
    for (const auto& ref : claimed_objects(plan_)) {
        const auto object = co_await ports_.cluster.get(ref);
        if (object && !fence_text_of(*object).empty()) {
            co_await tools_.effects.claim(ref);
        }
    }
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
/// cut. Once it runs, boot time counts.
Task<> Executor::watch_the_time() {
    Vigil::Deadlines deadlines;
    const auto now = ports_.clock.boot_time();
    if (options_.timeout > Duration{} && journal_.record().direction == Direction::forward) {
        deadlines.watching = mood_.begun + options_.timeout;
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
    const auto index = static_cast<std::size_t>(journal_.record().step);
    if (index >= steps().size()) {
        auto end = co_await finish();
        co_return end;
    }
    const auto step = steps()[index];
    if (stops_here(step)) {
        const std::string reason = "interrupted; the traffic is on the previous version";
        auto paused = co_await pause(reason, ExitCode::stopped_watching);
        co_return paused;
    }
    const auto direction = journal_.record().direction;
    Entry started =
        StepStarted{direction, journal_.record().step, step.stage, to_text(step.action)};
    co_await journal_.write(started);
    const auto begun = ports_.clock.boot_time();
    auto outcome = co_await perform_guarded(step);
    const auto took = ports_.clock.boot_time() - begun;
    auto leaving = co_await conclude(step, outcome, took);
    co_return leaving;
}

/// A connection that is lost is no verdict: the step is entered again until the lease cannot be
/// trusted any more.
Task<Outcome> Executor::perform_guarded(Step step) {
    for (;;) {
        std::string why;
        try {
            auto outcome = co_await tools_.actions.perform(step);
            co_return outcome;
        } catch (const LostControl&) {
            throw;
        } catch (const Error& error) {
            if (error.exit() != ExitCode::stopped_watching) {
                throw;
            }
            why = error.what();
        }
        if (!tools_.lease.is_trusted()) {
            throw Error(
                ExitCode::stopped_watching,
                "the API server cannot be reached: " + why,
                "the rollout is as it was and recorded: `deployctl rollout resume`"
            );
        }
        co_await ports_.clock.sleep(reconnect_interval);
    }
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
            Entry found = CauseFound{outcome.cause};
            co_await journal_.write(found);
            mood_.cause = outcome.cause;
            const auto reason = outcome.cause.headline;
            auto paused = co_await pause(reason, ExitCode::paused);
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
        co_await turn_back(outcome.cause);
        co_return std::nullopt;
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
    const auto world = co_await tools_.look.fresh();
    const auto exit = traffic_is_safe(plan_, world) ? ExitCode::paused : ExitCode::not_rolled_back;
    co_await journal_.change_state(RolloutEvent::give_up, direction, headline, exit);
    co_return Leaving{exit};
}

Task<std::optional<Executor::Leaving>> Executor::finish() {
    const auto direction = journal_.record().direction;
    if (direction == Direction::forward) {
        const std::string reason = plan_.release.tag + " serves";
        co_await journal_.change_state(RolloutEvent::finish, direction, reason, ExitCode::done);
        co_return Leaving{ExitCode::done};
    }
    if (!mood_.retried_by.empty()) {
        const auto again = "retried by " + mood_.retried_by;
        co_await journal_.change_state(RolloutEvent::retry, Direction::forward, again);
        mood_.retried_by.clear();
        mood_.cause.reset();
        co_return std::nullopt;
    }
    const auto reason = mood_.cause ? mood_.cause->headline : std::string("rolled back");
    const auto exit = options_.asked_back ? ExitCode::done : ExitCode::rolled_back;
    co_await journal_.change_state(RolloutEvent::finish, direction, reason, exit);
    co_return Leaving{exit};
}

}  // namespace deployctl::engine
