// SPDX-License-Identifier: Apache-2.0
#include "engine/effects.hpp"

#include "documents/json.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

constexpr int most_tries = 8;
constexpr int most_unknown = 3;

Duration pause_before(int attempt, const std::optional<Duration>& retry_after) {
    const auto backoff = milliseconds(100) * (1 << std::min(attempt, 5));
    return std::max(retry_after.value_or(Duration{}), Duration(backoff));
}

Error stood_still(const ObjectRef& ref) {
    return Error(
        ExitCode::stopped_watching,
        "this runner stood still before it could write " + to_text(ref) +
            ", so what it had seen may be over",
        "nothing was written: `deployctl rollout resume` looks anew"
    );
}

JsonPatch nothing_but_the_fence(const Value& object) {
    return {{PatchVerb::test, "/metadata/name", object.at("/metadata/name")}};
}

}  // namespace

Effects::Effects(Ports ports, Journal& journal, Lease& lease, Look& look)
    : ports_(ports), journal_(journal), lease_(lease), look_(look) {}

Signature Effects::sign() {
    const auto& record = journal_.record();
    const auto term = lease_.term();
    return {
        {record.target.app, term.lease, term.epoch, ++seq_},
        record.id,
        record.step,
        record.direction,
    };
}

/// False: the Lease is still this runner's, but it stood still since its last look, and what it has
/// decided was decided before that.
Task<bool> Effects::ensure_trust() {
    const bool in_time = lease_.is_awake();
    co_await lease_.keep_trust();
    if (!lease_.is_trusted()) {
        throw LostControl(
            "the lease could not be renewed in time, so this runner may be a stale one"
        );
    }
    co_return in_time;
}

Task<> Effects::expect_awake(ObjectRef ref, std::string attempt) {
    const bool in_time = co_await ensure_trust();
    if (!in_time) {
        OutcomeRecorded outcome{attempt, AttemptState::not_applied, "not sent"};
        const Value nothing_seen;
        co_await conclude(ref, outcome, nothing_seen);
        throw stood_still(ref);
    }
}

/// The Lease is kept meanwhile: an API server may ask for more patience than it lasts.
Task<> Effects::wait(Duration pause) {
    const auto end = ports_.clock.boot_time() + pause;
    for (auto left = pause; left > Duration{}; left = end - ports_.clock.boot_time()) {
        co_await ports_.clock.sleep(std::min(left, renew_interval));
        co_await lease_.keep();
    }
}

/// In doubt from before it is sent, whatever happens then.
Task<std::string> Effects::record_intent(
    ObjectRef ref, EffectVerb verb, std::string fence_before, std::string request
) {
    IntentRecorded intent;
    intent.attempt = ports_.ids.next();
    intent.direction = journal_.record().direction;
    intent.step = journal_.record().step;
    intent.verb = verb;
    intent.object = std::move(ref);
    intent.fence_before = std::move(fence_before);
    const auto term = lease_.term();
    intent.fence_after = to_text(Fence{journal_.record().target.app, term.lease, term.epoch, seq_});
    intent.request_hash = documents::sha256_hex(request);
    const auto id = intent.attempt;
    Entry entry = intent;
    co_await journal_.write(entry);
    doubts_.add(intent);
    co_return id;
}

void Effects::doubt(const std::vector<OpenAttempt>& attempts) {
    for (const auto& attempt : attempts) {
        doubts_.add(attempt.intent);
    }
}

/// What a look at the object tells of the writes to it that are in doubt.
Task<> Effects::heed(ObjectRef ref, std::optional<Value> seen) {
    const auto settled = doubts_.settle(ref, seen);
    const std::vector<Entry> entries(settled.begin(), settled.end());
    co_await journal_.write_all(entries);
}

Task<> Effects::conclude(ObjectRef ref, OutcomeRecorded outcome, Value seen) {
    std::vector<Entry> entries{outcome};
    if (outcome.state != AttemptState::unknown) {
        doubts_.forget(ref, outcome.attempt);
    }
    if (outcome.state == AttemptState::applied) {
        const auto settled = doubts_.settle_all(ref, seen);
        entries.insert(entries.end(), settled.begin(), settled.end());
    }
    co_await journal_.write_all(entries);
}

Task<> Effects::settle_doubts() {
    const auto places = doubts_.places();
    for (const auto& ref : places) {
        const auto seen = co_await ports_.cluster.get(ref);
        co_await heed(ref, seen);
    }
}

Task<EffectResult> Effects::ensure(ObjectRef ref, Change change) {
    auto result = co_await change_object(ref, change);
    look_.note(ref, result.object);
    co_return result;
}

Task<World> Effects::world() {
    co_await lease_.keep();
    auto fresh = co_await look_.fresh();
    co_return fresh;
}

Change Effects::claiming() const {
    return [app = journal_.record().target.app, term = lease_.term()](const Value& object) {
        const auto fence = read_fence(fence_text_of(object));
        const bool is_claimed =
            fence && fence->app == app && fence->epoch == term.epoch && fence->lease == term.lease;
        return is_claimed ? JsonPatch{} : nothing_but_the_fence(object);
    };
}

Task<EffectResult> Effects::claim(ObjectRef ref) {
    const auto raise = claiming();
    auto result = co_await ensure(ref, raise);
    co_return result;
}

Task<> Effects::seal() {
    const auto doubtful = doubts_.places();
    const Change raise = nothing_but_the_fence;
    for (const auto& ref : doubtful) {
        const auto result = co_await ensure(ref, raise);
        if (result.kind == EffectResult::Kind::gone) {
            doubts_.forget(ref);  // what is made after all is inert
        } else if (result.kind != EffectResult::Kind::written) {
            throw Error(
                ExitCode::stopped_watching,
                "what was sent to " + to_text(ref) +
                    " and not answered may still come to be: " + result.message
            );
        }
    }
}

Task<EffectResult> Effects::change_object(ObjectRef ref, Change change) {
    EffectResult result;
    for (int tries = 0; tries < most_tries; ++tries) {
        auto seen = co_await ports_.cluster.get(ref);
        co_await heed(ref, seen);
        if (!seen) {
            result.kind = EffectResult::Kind::gone;
            result.message = to_text(ref) + " is not there";
            co_return result;
        }
        const auto missing = change(*seen);
        if (missing.empty()) {
            result.kind = EffectResult::Kind::held;
            result.object = std::move(*seen);
            co_return result;
        }
        if (is_of_newer_runner(*seen, lease_.term())) {
            throw LostControl(to_text(ref) + " carries the fence of a newer runner");
        }
        auto signature = sign();
        auto patch = fenced(*seen, signature, missing);
        Attempt next{ref, std::move(*seen), std::move(patch), std::move(signature)};
        const auto settled = co_await attempt(next, &result);
        if (settled != Settled::not_applied || result.kind == EffectResult::Kind::stuck) {
            co_return result;
        }
        const auto pause = result.retry_after.value_or(Duration{});
        co_await wait(pause);
    }
    result.kind = EffectResult::Kind::stuck;
    result.message = to_text(ref) + " could not be changed in " + std::to_string(most_tries) +
                     " tries: " + result.message;
    co_return result;
}

Task<Effects::Settled> Effects::attempt(Attempt attempt, EffectResult* result) {
    const auto request = documents::write_json(to_value(attempt.patch));
    const std::string fence_before(fence_text_of(attempt.seen));
    const auto ref = attempt.ref;
    const auto id = co_await record_intent(ref, EffectVerb::patch, fence_before, request);
    const auto sent = co_await send(attempt);
    const auto settled = co_await settle(attempt, sent.reply, result);
    OutcomeRecorded outcome{id, AttemptState::applied, ""};
    if (settled != Settled::applied) {
        const auto refused =
            settled == Settled::refused ? AttemptState::refused : AttemptState::not_applied;
        outcome.state = sent.unanswered ? AttemptState::unknown : refused;
        outcome.detail = result->message;
    }
    co_await conclude(ref, outcome, attempt.seen);
    if (!sent.in_time && settled == Settled::not_applied) {
        throw stood_still(ref);
    }
    co_return settled;
}

/// The same patch, until there is an answer: of several copies at most one can land. Not sent by a
/// runner that has slept: others may be ready, or not ready any more, than those it has seen.
Task<Effects::Sent> Effects::send(Attempt attempt) {
    Sent sent;
    sent.reply.answer = WriteAnswer::conflict;
    int unknown = 0;
    for (int tries = 0;; ++tries) {
        sent.in_time = co_await ensure_trust();
        if (!sent.in_time) {
            co_return sent;
        }
        sent.reply = co_await ports_.cluster.patch(attempt.ref, attempt.patch);
        const auto answer = sent.reply.answer;
        const bool ask_again = answer == WriteAnswer::throttled || answer == WriteAnswer::unknown;
        unknown += answer == WriteAnswer::unknown ? 1 : 0;
        sent.unanswered = unknown > 0;
        if (!ask_again || unknown == most_unknown || tries == most_tries) {
            co_return sent;
        }
        const auto pause = pause_before(tries, sent.reply.retry_after);
        co_await wait(pause);
    }
}

Task<Effects::Settled> Effects::settle(Attempt attempt, WriteReply reply, EffectResult* result) {
    result->message = reply.message;
    result->retry_after = reply.retry_after;
    if (reply.answer == WriteAnswer::done) {
        result->kind = EffectResult::Kind::written;
        result->object = std::move(reply.object);
        co_return Settled::applied;
    }
    if (reply.answer == WriteAnswer::forbidden || reply.answer == WriteAnswer::invalid) {
        result->kind = EffectResult::Kind::refused;
        co_return Settled::refused;
    }
    auto now = co_await ports_.cluster.get(attempt.ref);
    const bool is_ours = now && fence_text_of(*now) == to_text(attempt.signature.fence);
    if (is_ours) {
        result->kind = EffectResult::Kind::written;
        result->object = std::move(*now);
        co_return Settled::applied;
    }
    if (now && is_of_newer_runner(*now, lease_.term())) {
        throw LostControl(to_text(attempt.ref) + " carries the fence of a newer runner");
    }
    if (reply.answer == WriteAnswer::unknown) {  // as often as is sensible: a person has to look
        result->kind = EffectResult::Kind::stuck;
        result->message =
            to_text(attempt.ref) + " could not be changed: " + std::to_string(most_unknown) +
            " times without an answer" + (reply.message.empty() ? "" : ", " + reply.message);
    }
    co_return Settled::not_applied;
}

Task<EffectResult> Effects::ensure_exists(ObjectRef ref, Value object, Change reuse) {
    EffectResult result;
    for (int tries = 0; tries < most_unknown; ++tries) {
        const auto present = co_await ports_.cluster.get(ref);
        if (present) {
            result = co_await change_object(ref, reuse);
            break;
        }
        result = co_await create(ref, object);
        if (result.kind != EffectResult::Kind::stuck) {
            break;
        }
        // No answer: it exists by now, or never came to be. The next look at it tells.
        const auto pause = pause_before(tries, result.retry_after);
        co_await wait(pause);
    }
    look_.note(ref, result.object);
    co_return result;
}

Task<EffectResult> Effects::remove(ObjectRef ref, std::function<bool(const Value&)> is_meant) {
    EffectResult result;
    const auto seen = co_await ports_.cluster.get(ref);
    co_await heed(ref, seen);
    if (!seen || !is_meant(*seen) || is_of_newer_runner(*seen, lease_.term())) {
        result.kind = seen ? EffectResult::Kind::held : EffectResult::Kind::gone;
        co_return result;
    }
    sign();
    const auto uid = seen->text("/metadata/uid");
    const auto version = seen->text("/metadata/resourceVersion");
    const auto request = "delete " + uid + " " + version;
    const std::string fence(fence_text_of(*seen));
    const auto id = co_await record_intent(ref, EffectVerb::remove, fence, request);
    co_await expect_awake(ref, id);
    const auto reply = co_await ports_.cluster.remove(ref, uid, version);
    const auto now = co_await ports_.cluster.get(ref);
    const bool is_gone = !now || now->text("/metadata/uid") != uid;
    OutcomeRecorded outcome{id, AttemptState::applied, reply.message};
    result.kind = EffectResult::Kind::written;
    result.message = reply.message;
    if (!is_gone) {
        const bool is_refused = reply.answer == WriteAnswer::forbidden;
        const bool is_unanswered = reply.answer == WriteAnswer::unknown;
        const auto denied = is_refused ? AttemptState::refused : AttemptState::not_applied;
        outcome.state = is_unanswered ? AttemptState::unknown : denied;
        result.kind = is_refused ? EffectResult::Kind::refused : EffectResult::Kind::held;
    }
    co_await conclude(ref, outcome, *seen);
    co_return result;
}

Task<EffectResult> Effects::create(ObjectRef ref, Value object) {
    const auto signature = sign();
    for (const auto& [key, value] : annotations_of(signature)) {
        object.set(annotation_pointer(key), value);
    }
    const auto request = documents::write_json(object);
    const std::string no_fence;
    const auto id = co_await record_intent(ref, EffectVerb::create, no_fence, request);
    co_await expect_awake(ref, id);
    auto reply = co_await ports_.cluster.create(ref, object);
    OutcomeRecorded outcome{id, AttemptState::applied, reply.message};
    EffectResult result{EffectResult::Kind::written, std::move(reply.object), reply.message};
    result.retry_after = reply.retry_after;
    if (reply.answer == WriteAnswer::forbidden || reply.answer == WriteAnswer::invalid) {
        outcome.state = AttemptState::refused;
        result.kind = EffectResult::Kind::refused;
    } else if (reply.answer != WriteAnswer::done) {
        const bool is_unanswered = reply.answer == WriteAnswer::unknown;
        outcome.state = is_unanswered ? AttemptState::unknown : AttemptState::not_applied;
        result.kind = EffectResult::Kind::stuck;
    }
    const Value nothing_yet;
    co_await conclude(ref, outcome, nothing_yet);
    co_return result;
}

}  // namespace deployctl::engine
