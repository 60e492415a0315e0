// SPDX-License-Identifier: Apache-2.0
// How a run takes a rollout up: the Lease first, then every object of the plan, then what the last
// runner left open.
#include "engine/cluster_record.hpp"
#include "engine/executor.hpp"
#include "engine/objects.hpp"
#include "engine/planned_objects.hpp"
#include "engine/task_trail.hpp"
#include "engine/waiting.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

bool is_ours(const EffectResult& result) {
    return result.kind == EffectResult::Kind::written || result.kind == EffectResult::Kind::held;
}

/// An object that an older runner can still write is no ground to build on.
void expect_sealed(const ObjectRef& ref, bool is_sealed, const std::string& message) {
    if (!is_sealed) {
        throw Error(
            ExitCode::stopped_watching,
            "could not keep older runners from " + to_text(ref) + ": " + message,
            "nothing else was written: `deployctl rollout resume` once the API server takes it"
        );
    }
}

}  // namespace

Task<std::optional<Executor::Leaving>> Executor::take_up(std::optional<Request> request) {
    const auto id = journal_.record().id;
    auto refused = co_await take_lease(request);
    if (refused) {
        co_return refused;
    }
    co_await journal_.catch_up();
    if (is_terminal(journal_.record().state)) {  // ended while the Lease was waited for
        co_return Leaving{journal_.record().exit.value_or(ExitCode::done)};
    }
    const auto known = co_await ports_.store.cause(id);
    if (journal_.record().state != RolloutState::running) {
        mood_.cause = known;  // what was held is over once it goes on
    }
    const bool is_pending = journal_.record().state == RolloutState::pending;
    if (!is_pending || mood_.trail.newest) {
        co_await start_if_pending();
        const bool has_record = co_await settle_and_claim();
        co_await read_marks();
        co_await note_taken();
        if (has_record) {
            co_await take_names();
        }
    } else {
        co_await note_taken();
        auto changed = co_await heed_changes();
        if (changed) {
            co_return changed;
        }
        co_await start_if_pending();
    }
    tools_.vigil.accept(known);
    if (request && !mood_.sent_back) {
        auto leaving = co_await begin_with(*request);
        co_return leaving;
    }
    co_return std::nullopt;
}

Task<> Executor::start_if_pending() {
    if (journal_.record().state == RolloutState::pending) {
        const auto direction = journal_.record().direction;
        co_await journal_.change_state(RolloutEvent::start, direction, "");
    }
}

/// The claim is what settles them: what had not landed when it did never will.
Task<bool> Executor::settle_and_claim() {
    const auto id = journal_.record().id;
    const auto open = co_await ports_.store.open_attempts(id);
    tools_.effects.doubt(open);
    const bool has_record = co_await claim_all();
    co_await tools_.effects.settle_doubts();
    co_return has_record;
}

/// That it was sent back elsewhere shows on the Lease and on the objects only until they are
/// written again: it is known from the same transaction on that knows of the new epoch.
Task<> Executor::note_taken() {
    std::vector<Entry> entries{LeaseTaken{tools_.lease.epoch(), ports_.runners.self()}};
    if (!mood_.sent_back) {
        const auto steps = steps_taken_elsewhere();
        entries.insert(entries.end(), steps.begin(), steps.end());
        const auto tasks = co_await tasks_done_elsewhere();
        entries.insert(entries.end(), tasks.begin(), tasks.end());
        co_await journal_.write_all(entries);
        co_return;
    }
    Cause cause;
    cause.kind = manual_cause;
    cause.headline = "sent back elsewhere, from the cluster's record";
    co_await turn_back_after(entries, cause);
}

/// A runner whose journal is elsewhere has written since this one's last runner took it up.
bool Executor::was_overtaken() const {
    const auto& newest = mood_.trail.newest;
    return newest && newest->epoch > journal_.record().epoch;
}

/// From the cluster's record, by such a runner.
bool Executor::was_sent_back() const {
    return was_overtaken() && journal_.record().direction == Direction::forward &&
           mood_.trail.standing.direction == Direction::back;
}

/// It went forward there, as this one does.
bool Executor::is_ahead() const {
    return was_overtaken() && journal_.record().direction == Direction::forward &&
           mood_.trail.standing.direction == Direction::forward;
}

/// What such a runner has done is not done again: a step that makes a split smaller than it is by
/// now would take traffic and pods away. It may also have been sent back and forward again there.
std::vector<Entry> Executor::steps_taken_elsewhere() const {
    const auto& record = journal_.record();
    const auto& standing = mood_.trail.standing;
    if (!is_ahead()) {
        return {};
    }
    const auto& course = plan_.course.steps;
    const int at = std::min(standing.step, static_cast<int>(course.size()));
    if (at >= record.step) {
        return steps_shown_by_cluster(plan_, record.step, at);
    }
    const auto& step = course[static_cast<std::size_t>(at)];
    return {StepStarted{Direction::forward, at, step.stage, to_text(step.action)}};
}

Task<std::vector<Entry>> Executor::tasks_done_elsewhere() {
    ShownElsewhere shown;
    shown.from = journal_.record().step;
    shown.done_before = is_ahead() ? mood_.trail.standing.step : 0;
    shown.stood_at = mood_.told ? mood_.told->step : -1;
    const auto id = journal_.record().id;
    const auto events = co_await ports_.store.events(id, 0);
    co_return tasks_shown_elsewhere(plan_, events, shown);
}

/// The same, before the first restoring write: the Lease is turned first.
bool Executor::was_turned(const LeaseView& seen, const LeaseClaim& claim) const {
    return journal_.record().direction == Direction::forward && was_turned_elsewhere(seen, claim);
}

/// A runner with another journal has stood further on: the Lease goes on saying so, since of tasks
/// nothing else does.
Task<> Executor::heed_what_was_told() {
    const auto& record = journal_.record();
    const auto view = co_await view_lease(ports_.cluster, plan_.target);
    const bool is_further = view.rollout == record.id && view.epoch > record.epoch &&
                            record.direction == Direction::forward &&
                            view.direction == Direction::forward && view.step >= record.step;
    if (is_further) {
        mood_.told = Standing{view.direction, view.step};
        tools_.lease.stand_at(*mood_.told);
    }
}

/// What was seen of the objects before the Lease was waited for says nothing any more where
/// somebody has deleted that meanwhile: whoever held it may have left them half done since.
Task<LeaseAnswer> Executor::ask_for_lease(LeaseClaim claim, Obstacles* obstacles) {
    const auto fit = [&] {
        claim.if_named = obstacles->half_done || obstacles->changed;
        // Of any app: a write of ours has to be the newest one on it.
        claim.highest_seen = std::max(claim.last_known, mood_.trail.epoch);
    };
    fit();
    auto answer = co_await tools_.lease.acquire(claim);
    const bool was_deleted = answer.kind == LeaseAnswer::Kind::names_nobody && !claim.if_named;
    if (was_deleted) {
        auto by_now = co_await look_for_obstacles();
        *obstacles = std::move(by_now);
        fit();
        answer = co_await tools_.lease.acquire(claim);
    }
    if (answer.kind == LeaseAnswer::Kind::names_another && claim.is_new) {
        const auto other = co_await ports_.store.find(answer.seen.rollout);
        if (other && is_terminal(other->state)) {
            claim.ended = other->id;  // its runner was lost before it could say so to the Lease
            answer = co_await tools_.lease.acquire(claim);
        }
    }
    co_return answer;
}

/// Nothing where it is taken.
Task<std::optional<Executor::Leaving>> Executor::take_lease(std::optional<Request> request) {
    tools_.lease.stand_at(Standing{journal_.record().direction, journal_.record().step});
    if (request) {  // else it has just begun, and there is no record
        co_await heed_what_was_told();
        co_await note_record(&mood_.trail, ports_.cluster, plan_.target, journal_.record().id);
    }
    auto obstacles = co_await look_for_obstacles();
    if (obstacles.always) {
        mood_.cause = obstacles.always;
        co_return Leaving{ExitCode::locked};
    }
    LeaseClaim claim;
    claim.rollout = journal_.record().id;
    claim.policy = options_.lock;
    claim.is_new = journal_.record().state == RolloutState::pending;
    claim.last_known = journal_.record().epoch;
    claim.on_wait = tell_of_waiting(ports_, journal_.record(), plan_.target);
    auto answer = co_await ask_for_lease(claim, &obstacles);
    switch (answer.kind) {
        case LeaseAnswer::Kind::taken: break;
        case LeaseAnswer::Kind::names_another: {
            auto leaving = co_await is_not_ours(answer.seen, request);
            co_return leaving;
        }
        case LeaseAnswer::Kind::names_nobody: {
            mood_.cause = obstacles.half_done ? obstacles.half_done : obstacles.changed;
            co_return Leaving{obstacles.half_done ? ExitCode::locked : ExitCode::blocked};
        }
        case LeaseAnswer::Kind::held_by_other: {
            Cause cause;
            cause.kind = held_cause;
            cause.headline = "the lock of " + plan_.target.app + " is held by " +
                             held_by(answer.seen, ports_.clock.now());
            mood_.cause = cause;
            co_return Leaving{ExitCode::locked};
        }
    }
    if (was_turned(answer.seen, claim)) {
        mood_.sent_back = true;
        tools_.lease.stand_at(Standing{Direction::back, 0});  // until the journal says so
    }
    co_return std::nullopt;
}

/// Also what nobody has written yet: the first write that a frozen runner meant for it would land.
/// Before the record stands there was no write to anything else, and its plan may still have to be
/// found in the workload as it was.
Task<bool> Executor::claim_all() {
    const auto record_place = record_ref(plan_.target, journal_.record().id);
    const auto record = co_await ports_.cluster.get(record_place);
    if (!record) {
        co_return false;
    }
    for (const auto& ref : fenced_objects(plan_)) {
        const auto claimed = co_await tools_.effects.claim(ref);
        const bool is_gone = claimed.kind == EffectResult::Kind::gone;  // its name is taken below
        expect_sealed(ref, is_gone || is_ours(claimed), claimed.message);
    }
    co_return true;
}

/// Once nobody else can write any more.
Task<> Executor::read_marks() {
    const auto id = journal_.record().id;
    mood_.trail = co_await read_trail(ports_.cluster, plan_, id);
    mood_.sent_back = mood_.sent_back || was_sent_back();
}

/// What the rest of the way forward makes, as it is before anything has been done with it.
std::vector<Executor::Birth> Executor::births() const {
    std::vector<Birth> births;
    if (journal_.record().direction != Direction::forward) {
        return births;
    }
    const auto birth_of = [&](Slot slot) {
        return Birth{workload_ref(plan_, slot), make_beside(plan_, slot)};
    };
    const auto& course = plan_.course.steps;
    const auto first = std::min<std::size_t>(journal_.record().step, course.size());
    for (std::size_t step = first; step < course.size(); ++step) {
        const auto& action = course[step].action;
        if (std::holds_alternative<CreateCandidate>(action)) {
            births.push_back(birth_of(Slot::candidate));
        } else if (std::holds_alternative<CreateBaseline>(action)) {
            births.push_back(birth_of(Slot::baseline));
        } else if (const auto* preview = std::get_if<CreatePreviewService>(&action)) {
            const auto ref = service_ref(plan_, preview->name);
            births.push_back({ref, make_preview_service(plan_, *preview)});
        } else if (const auto* applied = std::get_if<ApplyObject>(&action)) {
            const auto object = find_object(plan_, applied->object);
            if (object && original_of(plan_, object->ref).is_null()) {
                births.push_back({object->ref, make_object(*object)});
            }
        }
    }
    return births;
}

/// What is not there has no fence to raise: what is still to be made is made here, a candidate
/// without pods, a Service that selects none, so that the create of a runner that was frozen finds
/// the name taken. One that has landed since the claim is claimed here.
Task<> Executor::take_names() {
    const auto missing = births();
    const auto claim = tools_.effects.claiming();
    for (const auto& birth : missing) {
        const auto made = co_await tools_.effects.ensure_exists(birth.ref, birth.object, claim);
        expect_sealed(birth.ref, is_ours(made), made.message);
    }
}

}  // namespace deployctl::engine
