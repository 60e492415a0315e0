// SPDX-License-Identifier: Apache-2.0
// How a run answers people and signals: each wish turns it back, lets it stand, or lets it go on.
#include "engine/executor.hpp"

namespace deployctl::engine {

namespace {

/// Who sends SIGTERM ends the process soon, by a signal that nobody hears.
constexpr Duration time_to_terminate = seconds(5);

Cause cause_of_request(const Request& request) {
    Cause cause;
    cause.kind = manual_cause;
    const auto* what = request.kind == RequestKind::abort ? "aborted" : "rolled back";
    cause.headline = std::string(what) + " by " + request.by +
                     (request.reason.empty() ? "" : ": " + request.reason);
    return cause;
}

/// What somebody who was asked has answered; else the plan decides.
std::optional<OnInterrupt> answer_in(Interrupt signal) {
    switch (signal) {
        case Interrupt::interrupt:
        case Interrupt::terminate: return std::nullopt;
        case Interrupt::hold: return OnInterrupt::hold;
        case Interrupt::shift: return OnInterrupt::shift;
        case Interrupt::rollback: return OnInterrupt::rollback;
    }
    return std::nullopt;
}

/// A runner that dies must not leave a wish that was heard and not followed: it is taken and
/// followed at once. What the command line itself asks for waits in no journal, and has no id.
std::vector<Entry> heard(const Request& request) {
    if (request.id == 0) {
        return {};
    }
    return {RequestTaken{request.id, request.kind, request.by, request.reason}};
}

bool goes_on(RequestKind kind) {
    return kind == RequestKind::resume || kind == RequestKind::retry ||
           kind == RequestKind::advance;  // at a pause there is no hold to end
}

}  // namespace

Task<> Executor::turn_back(Cause cause) {
    const std::vector<Entry> nothing_before;
    co_await turn_back_after(nothing_before, cause);
}

/// What it answers, the cause and the change of direction in one transaction: what comes next is
/// the first restoring write.
Task<> Executor::turn_back_after(std::vector<Entry> entries, Cause cause) {
    const auto from = journal_.record().state;
    const auto to = transition(from, RolloutEvent::turn_back);
    const auto reason = cause.headline;
    if (mood_.cause) {
        mood_.cause->later.push_back(reason);  // the first cause stays the first
    } else {
        mood_.cause = std::move(cause);
    }
    entries.emplace_back(CauseFound{*mood_.cause});
    entries.emplace_back(StateChanged{from, to.value(), Direction::back, reason, std::nullopt});
    co_await journal_.write_all(entries);
}

/// Whoever was asked after Ctrl-C decides about the exposure that was seen then: the next step is
/// not begun before the answer, the pods and the step's gates stay watched.
Task<Outcome> Executor::await_answer(Step next) {
    WaitOrder wait;
    wait.step = std::move(next);
    wait.condition = [&asked = ports_.interrupts](const World&) {
        return Reading{!asked.is_asking(), "waiting for an answer", 0};
    };
    wait.watch = Watch::startup;
    auto outcome = co_await tools_.vigil.until(wait);
    co_return outcome;
}

Task<std::optional<Executor::Leaving>> Executor::on_request(Request request) {
    const auto state = journal_.record().state;
    if (sends_back(request.kind)) {
        co_await send_back(request);
        co_return std::nullopt;
    }
    const bool is_stopped = state == RolloutState::paused || state == RolloutState::needs_human;
    const auto entries = heard(request);
    if (request.kind == RequestKind::pause && state == RolloutState::running) {
        const auto reason =
            "paused by " + request.by + (request.reason.empty() ? "" : ": " + request.reason);
        auto paused = co_await pause_after(entries, reason, ExitCode::paused);
        co_return paused;
    }
    if (request.kind == RequestKind::retry && journal_.record().direction == Direction::back) {
        co_await retry_after(entries, request);
    } else if (goes_on(request.kind) && is_stopped) {
        co_await go_on_after(entries, request);
    } else {
        co_await journal_.write_all(entries);  // there is nothing to follow
    }
    co_return std::nullopt;
}

Task<> Executor::send_back(Request request) {
    auto entries = heard(request);
    const bool is_back_already = journal_.record().state == RolloutState::rolling_back;
    if (!is_back_already) {
        const auto cause = cause_of_request(request);
        co_await turn_back_after(entries, cause);
        co_return;
    }
    if (!mood_.cause) {  // adopted on its way back: the cause of before is known to nobody
        mood_.cause = cause_of_request(request);
        entries.emplace_back(CauseFound{*mood_.cause});
    }
    co_await journal_.write_all(entries);
}

Task<> Executor::go_on_after(std::vector<Entry> entries, Request request) {
    const auto direction = journal_.record().direction;
    const auto event =
        direction == Direction::forward ? RolloutEvent::resume : RolloutEvent::turn_back;
    entries.push_back(journal_.state_change(event, direction, "resumed by " + request.by));
    co_await journal_.write_all(entries);
    if (direction == Direction::forward) {
        mood_.cause.reset();  // it is overcome: the next one says why it stops then
    }
}

/// What was asked while nobody ran it is heeded before anything else is written.
Task<std::optional<Executor::Leaving>> Executor::heed_waiting_pause() {
    const auto id = journal_.record().id;
    const auto waiting = co_await ports_.store.pending_requests(id);
    if (waiting.empty() || waiting.front().kind != RequestKind::pause) {
        co_return std::nullopt;
    }
    const auto request = waiting.front();
    auto leaving = co_await on_request(request);
    co_return leaving;
}

/// The cluster names the rollout that acts. One that has acted before and is named no more can only
/// be closed here, without a write to the cluster.
Task<std::optional<Executor::Leaving>> Executor::is_not_ours(
    LeaseView seen, std::optional<Request> request
) {
    const bool is_ended = seen.rollout == journal_.record().id;
    const bool is_new = journal_.record().state == RolloutState::pending && !is_ended;
    const auto named = "Lease/deployctl-" + plan_.target.app + " names " + named_by(seen);
    if (!is_new && request && sends_back(request->kind)) {
        const auto direction = journal_.record().direction;
        const auto reason = named +
                            ": closed here, and nothing was written to the cluster, on behalf of " +
                            request->by;
        co_await journal_.change_state(RolloutEvent::supersede, direction, reason, ExitCode::done);
        co_return Leaving{ExitCode::done};
    }
    Cause cause;
    cause.kind = is_new ? unfinished_cause : superseded_cause;
    cause.headline = is_new     ? named + ", which has not ended"
                     : is_ended ? "it was ended elsewhere: " + named
                                : "another rollout has taken its place: " + named;
    mood_.cause = cause;
    co_return Leaving{ExitCode::locked};
}

Task<std::optional<Executor::Leaving>> Executor::begin_with(Request request) {
    const bool was_lost = journal_.record().state == RolloutState::running;
    if (was_lost && request.kind == RequestKind::resume) {
        auto held = co_await heed_waiting_pause();
        co_return held;
    }
    auto leaving = co_await on_request(request);
    co_return leaving;
}

/// The traffic is on the previous version, and the Services are pinned to it: only at the end of
/// the way back does the plan find what it was made for.
Task<> Executor::retry_after(std::vector<Entry> entries, Request request) {
    const auto state = journal_.record().state;
    if (!can_retry(journal_.record(), mood_.cause)) {
        entries.emplace_back(
            Noted{"not retried: it is on its way back, and was not only interrupted"}
        );
        co_await journal_.write_all(entries);
        co_return;
    }
    if (state != RolloutState::rolling_back) {
        const auto reason = "retried by " + request.by + ": first all the way back";
        const auto back = RolloutEvent::turn_back;
        entries.push_back(journal_.state_change(back, Direction::back, reason));
    }
    co_await journal_.write_all(entries);
    mood_.retried_by = request.by;
    mood_.traffic_only = false;
}

Task<std::optional<Executor::Leaving>> Executor::on_interrupt(Interrupt signal) {
    ++mood_.signals;
    const bool asked_twice = mood_.signals > 1;
    if (asked_twice) {
        const std::string note = "interrupted: the runner left at once";
        auto left = co_await leave_silently(note);
        co_return left;
    }
    if (signal == Interrupt::terminate) {
        mood_.leave_by = ports_.clock.boot_time() + time_to_terminate;
    }
    const auto answer = answer_in(signal);
    const auto policy = answer.value_or(plan_.on_interrupt);
    const std::string reason = signal == Interrupt::terminate ? "terminated" : "interrupted";
    const bool stands_already = journal_.record().state == RolloutState::paused && !answer;
    const bool is_past = co_await is_past_contract();
    if (policy == OnInterrupt::hold || stands_already || is_past) {
        auto paused = co_await pause(reason, ExitCode::stopped_watching);
        co_return paused;
    }
    mood_.traffic_only = policy == OnInterrupt::shift;
    if (journal_.record().direction == Direction::forward) {
        Cause cause;
        cause.kind = interrupt_cause;
        cause.headline = reason + ", going back as " + (answer ? "answered" : "on_interrupt says");
        co_await turn_back(cause);
    }
    co_return std::nullopt;
}

/// The Lease is left to run out. The direction stays: whoever comes next goes on with it.
Task<Executor::Leaving> Executor::leave_silently(std::string note) {
    mood_.silent = true;
    Entry entry = Noted{std::move(note)};
    co_await journal_.write(entry);
    co_return Leaving{ExitCode::stopped_watching};
}

bool Executor::is_time_to_leave() const {
    return mood_.leave_by && ports_.clock.boot_time() >= *mood_.leave_by;
}

Task<Executor::Leaving> Executor::leave_unfinished() {
    const auto note =
        "interrupted: terminated, and not done within " + deployctl::to_text(time_to_terminate);
    auto left = co_await leave_silently(note);
    co_return left;
}

Task<std::optional<Executor::Leaving>> Executor::pause(std::string reason, ExitCode exit) {
    const std::vector<Entry> nothing_before;
    auto leaving = co_await pause_after(nothing_before, reason, exit);
    co_return leaving;
}

/// What led to it stands in the journal together with it: who goes on from there knows it.
Task<std::optional<Executor::Leaving>> Executor::pause_after(
    std::vector<Entry> entries, std::string reason, ExitCode exit
) {
    const auto state = journal_.record().state;
    const auto direction = journal_.record().direction;
    const bool leaves =
        exit == ExitCode::stopped_watching || options_.on_pause == PausePolicy::leave;
    if (transition(state, RolloutEvent::pause)) {
        entries.push_back(journal_.state_change(RolloutEvent::pause, direction, reason, exit));
    } else {
        entries.emplace_back(Noted{reason});
    }
    co_await journal_.write_all(entries);
    if (leaves) {
        co_return Leaving{exit};
    }
    co_return std::nullopt;
}

}  // namespace deployctl::engine
