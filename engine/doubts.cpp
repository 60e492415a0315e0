// SPDX-License-Identifier: Apache-2.0
#include "engine/doubts.hpp"

#include "engine/fence.hpp"

#include <utility>

namespace deployctl::engine {

namespace {

/// What became of a write, as the object tells; nothing: it may land still. A fence that has gone
/// on never comes back, so what tests it lands no more.
std::optional<AttemptState> shown_by(const IntentRecorded& write, const Value& seen) {
    const auto fence = fence_text_of(seen);
    const bool may_land = write.verb == EffectVerb::patch && fence == write.fence_before;
    if (may_land || write.verb == EffectVerb::remove) {
        return std::nullopt;
    }
    return fence == write.fence_after ? AttemptState::applied : AttemptState::not_applied;
}

/// A runner unknown to this journal may have written over it before anybody looked.
bool may_be_covered(const IntentRecorded& write, const Value& seen) {
    const auto own = read_fence(write.fence_after);
    return own && epoch_of(seen) > own->epoch;
}

OutcomeRecorded outcome(
    const IntentRecorded& write, AttemptState state, const Value& seen, const char* why
) {
    const bool is_covered = state == AttemptState::not_applied && may_be_covered(write, seen);
    return {
        write.attempt,
        state,
        is_covered ? "not there, or written over by another runner before anybody looked" : why
    };
}

std::optional<AttemptState> shown_by_absence(const IntentRecorded& write) {
    return write.verb == EffectVerb::remove ? std::optional(AttemptState::applied) : std::nullopt;
}

}  // namespace

std::int64_t epoch_of(const Value& object) {
    const auto fence = read_fence(fence_text_of(object));
    return fence ? fence->epoch : 0;
}

void Doubts::add(const IntentRecorded& write) {
    writes_[write.object].push_back(write);
}

void Doubts::forget(const ObjectRef& ref, const std::string& attempt) {
    const auto found = writes_.find(ref);
    if (found == writes_.end()) {
        return;
    }
    std::erase_if(found->second, [&](const IntentRecorded& one) { return one.attempt == attempt; });
    if (found->second.empty()) {
        writes_.erase(found);
    }
}

std::vector<ObjectRef> Doubts::places() const {
    std::vector<ObjectRef> places;
    for (const auto& [ref, writes] : writes_) {
        places.push_back(ref);
    }
    return places;
}

std::vector<OutcomeRecorded> Doubts::settle(
    const ObjectRef& ref, const std::optional<Value>& seen
) {
    std::vector<OutcomeRecorded> settled;
    const auto found = writes_.find(ref);
    if (found == writes_.end()) {
        return settled;
    }
    for (const auto& one : found->second) {
        if (const auto state = seen ? shown_by(one, *seen) : shown_by_absence(one)) {
            settled.push_back(outcome(one, *state, seen.value_or(Value()), "as a later look shows")
            );
        }
    }
    for (const auto& one : settled) {
        forget(ref, one.attempt);
    }
    return settled;
}

std::vector<OutcomeRecorded> Doubts::settle_all(const ObjectRef& ref, const Value& seen) {
    std::vector<OutcomeRecorded> settled;
    const auto writes = writes_.extract(ref);
    for (const auto& one : writes ? writes.mapped() : std::vector<IntentRecorded>{}) {
        const auto state = shown_by(one, seen).value_or(AttemptState::not_applied);
        settled.push_back(outcome(one, state, seen, "a later write has landed instead"));
    }
    return settled;
}

}  // namespace deployctl::engine
