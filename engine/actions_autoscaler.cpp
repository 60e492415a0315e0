// SPDX-License-Identifier: Apache-2.0
// An autoscaler stands still while stable carries the traffic, since it would count the candidate's
// pods as well; sizes the candidate while that carries it; and is given back to the byte. It is
// held at the planned size: one that has needed more pods since the plan was made would lose them.
// A second autoscaler for the candidate could not work: Kubernetes stops all those whose selectors
// meet in a pod (docs/adr/0021-the-autoscaler-follows-the-traffic.md).
#include "engine/actions.hpp"
#include "engine/changes.hpp"
#include "engine/drift.hpp"
#include "engine/objects.hpp"
#include "model/text.hpp"

#include <algorithm>

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

/// The largest that the steps make it; beyond that its autoscaler has needed more.
std::int64_t planned_candidate(const Plan& plan) {
    int most = 0;
    for (const auto& step : plan.course.steps) {
        const auto* scale = std::get_if<Scale>(&step.action);
        const bool is_candidates = scale != nullptr && scale->slot == Slot::candidate;
        most = is_candidates ? std::max(most, scale->replicas) : most;
    }
    return most;
}

}  // namespace

/// Questions may have been waited for since, for hours.
Task<std::optional<Outcome>> Actions::find_outgrown(Step step, HoldAutoscaler action) {
    const auto ref = autoscaler_ref(plan_, action.name);
    const auto autoscaler = co_await ports_.cluster.get(ref);
    if (!autoscaler) {
        co_return std::nullopt;
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

/// The version that takes the traffic from a candidate which has grown needs its size. Held at it
/// already: an earlier runner may have died before the size was written.
Task<Outcome> Actions::hold_again(Step step, HoldAutoscaler action) {
    const auto ref = autoscaler_ref(plan_, action.name);
    const auto stable = workload_ref(plan_, Slot::stable);
    const auto candidate = workload_ref(plan_, Slot::candidate);
    const auto autoscaler = co_await ports_.cluster.get(ref);
    const auto grown = co_await ports_.cluster.get(candidate);
    const bool is_moved =
        autoscaler && autoscaler->view("/spec/scaleTargetRef/name") == plan_.candidate;
    std::int64_t size = action.replicas;
    if (is_moved && grown) {
        const auto reached = grown->number("/spec/replicas");
        size = reached > planned_candidate(plan_) ? std::max(size, reached) : size;
    } else if (autoscaler) {
        size = std::max(size, autoscaler->number("/spec/minReplicas"));
    }
    const Change hold = [size, name = plan_.workload](const Value& object) {
        return hold_autoscaler(object, static_cast<int>(size), name);
    };
    const auto held = co_await effects_.ensure(ref, hold);
    if (held.kind != EffectResult::Kind::gone) {
        const auto outcome = outcome_of(step, held);
        if (outcome.end != Outcome::End::done) {
            co_return outcome;
        }
    }
    const Change raise = [size](const Value& object) {
        return raise_replicas(object, static_cast<int>(size));
    };
    auto written = co_await write(step, stable, raise);
    co_return written;
}

Task<Outcome> Actions::act(Step step, HoldAutoscaler action) {
    const auto ref = autoscaler_ref(plan_, action.name);
    const auto present = co_await ports_.cluster.get(ref);
    const bool was_held = present && is_held(*present);
    if (was_held && !plan_.scene.is_kedas) {
        auto again = co_await hold_again(step, action);
        co_return again;
    }
    if (is_going_back()) {
        co_return Outcome{Outcome::End::done, "was not held"};
    }
    if (!was_held) {
        const auto changed = co_await find_outgrown(step, action);
        if (changed) {
            co_return *changed;
        }
    }
    const Change change = [action, name = plan_.workload](const Value& object) {
        return hold_autoscaler(object, action.replicas, name);
    };
    const auto result = co_await effects_.ensure(ref, change);
    co_return outcome_of(step, result);
}

Task<Outcome> Actions::act(Step step, MoveAutoscaler action) {
    const auto ref = autoscaler_ref(plan_, action.name);
    const auto original =
        plan_.snapshot.autoscalers.empty() ? Value() : plan_.snapshot.autoscalers.front();
    const Change change = [action, original, name = plan_.candidate](const Value& object) {
        return move_autoscaler(object, original, action, name);
    };
    auto result = co_await effects_.ensure(ref, change);
    if (result.kind == EffectResult::Kind::gone) {
        result.kind = EffectResult::Kind::held;  // its owner took it away: nobody sizes anything
    }
    co_return outcome_of(step, result);
}

bool Actions::is_sized_by_autoscaler(const Scale& action) const {
    return action.slot == Slot::candidate && !is_going_back() &&
           autoscaler_has_moved(plan_, journal_.record().step);
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
