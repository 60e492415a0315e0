// SPDX-License-Identifier: Apache-2.0
// How what is made beside stable, the candidate and the baseline, comes and goes.
#include "engine/actions.hpp"
#include "engine/changes.hpp"
#include "engine/conditions.hpp"
#include "engine/objects.hpp"

#include <utility>

namespace deployctl::engine {

/// What is left with another selector cannot become what it was again.
Task<> Actions::remove_unfit(Slot slot) {
    const auto selector = make_beside(plan_, slot).at("/spec/selector");
    const std::function<bool(const Value&)> is_unfit = [app = plan_.target.app,
                                                        selector](const Value& object) {
        return is_left_over(object, app) && object.at("/spec/selector") != selector;
    };
    const auto world = co_await effects_.world();
    const auto ref = workload_ref(plan_, slot);
    const auto* present = find_workload(world, ref.name);
    if (present != nullptr && is_unfit(present->body)) {
        co_await effects_.remove(ref, is_unfit);
    }
}

Task<Outcome> Actions::act(Step step, CreateCandidate) {
    return create(std::move(step), Slot::candidate);
}

Task<Outcome> Actions::act(Step step, CreateBaseline) {
    return create(std::move(step), Slot::baseline);
}

Task<Outcome> Actions::create(Step step, Slot slot) {
    const auto ref = workload_ref(plan_, slot);
    const auto wanted = make_beside(plan_, slot);
    co_await remove_unfit(slot);
    const Change reuse = [wanted](const Value& object) { return reuse_candidate(object, wanted); };
    const auto result = co_await effects_.ensure_exists(ref, wanted, reuse);
    const bool other_selector = !result.object.is_null() &&
                                result.object.at("/spec/selector") != wanted.at("/spec/selector");
    auto outcome = outcome_of(step, result);
    if (outcome.end == Outcome::End::done && other_selector) {
        outcome.end = Outcome::End::failed;
        outcome.cause.kind = "leftover";
        outcome.cause.stage = step.stage;
        outcome.cause.headline = to_text(ref) +
                                 " is left from an older rollout with another selector, which "
                                 "cannot be changed: delete it";
    }
    const bool is_inert = co_await is_away(slot);
    if (outcome.end == Outcome::End::done && !is_inert) {
        // Pods that an older rollout has left are no news of this version.
        auto wait = order(step, slot_is_ready(plan_, AwaitReady{slot, 0}));
        wait.watch = Watch::nothing;
        outcome = co_await vigil_.until(wait);
    }
    co_return outcome;
}

Task<bool> Actions::is_away(Slot slot) {
    const auto world = co_await effects_.world();
    const auto* workload = find_workload(world, name_of(plan_, slot));
    co_return workload == nullptr ||
        (workload->replicas == 0 && all_pods_of(world, *workload).empty());
}

/// No pod beside stable's that a Service could reach.
Task<bool> Actions::nothing_to_leave() {
    const auto beside = slots_beside(plan_);
    for (const auto slot : beside) {
        const bool is_gone = co_await is_away(slot);
        if (!is_gone) {
            co_return false;
        }
    }
    co_return true;
}

Task<Outcome> Actions::act(Step step, RetireCandidate) {
    return retire_slot(std::move(step), Slot::candidate);
}

Task<Outcome> Actions::act(Step step, RetireBaseline) {
    return retire_slot(std::move(step), Slot::baseline);
}

Task<Outcome> Actions::retire_slot(Step step, Slot slot) {
    auto left = co_await leave(step, slot);
    if (left.end == Outcome::End::done) {
        left = co_await put_away(step, slot);
    }
    co_return left;
}

/// Nobody reaches it.
Task<Outcome> Actions::put_away(Step step, Slot slot) {
    const auto ref = workload_ref(plan_, slot);
    const auto when = to_rfc3339(ports_.clock.now());
    const Change change = [when](const Value& object) { return retire(object, when); };
    auto result = co_await effects_.ensure(ref, change);
    if (result.kind == EffectResult::Kind::gone) {
        result.kind = EffectResult::Kind::held;
    }
    co_return outcome_of(step, result);
}

}  // namespace deployctl::engine
