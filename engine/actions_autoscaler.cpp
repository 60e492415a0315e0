// SPDX-License-Identifier: Apache-2.0
// An autoscaler stands still during a rollout, and is given back to the byte. It is held at the
// planned size: one that has needed more pods since the plan was made would lose them.
#include "engine/actions.hpp"
#include "engine/changes.hpp"
#include "engine/drift.hpp"
#include "engine/objects.hpp"
#include "model/text.hpp"

namespace deployctl::engine {

namespace {

Outcome outgrown(const Step& step, const ObjectRef& autoscaler, const std::string& what) {
    Outcome outcome;
    outcome.end = Outcome::End::failed;
    outcome.cause.kind = outgrown_cause;
    outcome.cause.stage = step.stage;
    outcome.cause.subject = to_text(autoscaler);
    outcome.cause.headline = "changed since the plan was made: " + what + "; plan again";
    return outcome;
}

}  // namespace

/// Questions may have been waited for since, for hours.
Task<std::optional<Outcome>> Actions::find_outgrown(Step step, HoldAutoscaler action) {
    const auto ref = autoscaler_ref(plan_, action.name);
    const auto autoscaler = co_await ports_.cluster.get(ref);
    if (!autoscaler || hold_autoscaler(*autoscaler, action.replicas).empty()) {
        co_return std::nullopt;  // by an earlier runner
    }
    const auto limits = drift_of(plan_, 0, ref, *autoscaler);
    if (!limits.empty()) {
        co_return outgrown(step, ref, line_of(limits.front()));
    }
    const auto stable = workload_ref(plan_, Slot::stable);
    const auto workload = co_await ports_.cluster.get(stable);
    const auto size = workload ? workload->number("/spec/replicas", 1) : 0;
    if (size <= action.replicas) {
        co_return std::nullopt;
    }
    const auto what = to_text(ref) + " has made " + to_text(stable) + " larger, " +
                      std::to_string(size) + " instead of " + count_of(action.replicas, "pod") +
                      ", at which it would be held";
    co_return outgrown(step, ref, what);
}

Task<Outcome> Actions::act(Step step, HoldAutoscaler action) {
    const auto changed = co_await find_outgrown(step, action);
    if (changed) {
        co_return *changed;
    }
    const auto ref = autoscaler_ref(plan_, action.name);
    const Change change = [replicas = action.replicas](const Value& object) {
        return hold_autoscaler(object, replicas);
    };
    const auto result = co_await effects_.ensure(ref, change);
    co_return outcome_of(step, result);
}

Task<Outcome> Actions::act(Step step, ReleaseAutoscaler action) {
    const auto ref = autoscaler_ref(plan_, action.name);
    const auto& originals = plan_.snapshot.autoscalers;
    const auto original = originals.empty() ? Value() : originals.front();
    const Change change = [original](const Value& object) {
        return restore_autoscaler(object, original);
    };
    auto result = co_await effects_.ensure(ref, change);
    if (result.kind == EffectResult::Kind::gone) {
        result.kind = EffectResult::Kind::held;  // its owner took it away: nothing to give back
    }
    co_return outcome_of(step, result);
}

}  // namespace deployctl::engine
