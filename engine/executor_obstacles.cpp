// SPDX-License-Identifier: Apache-2.0
// What keeps a run from taking a rollout up: other apps and rollouts on its objects, and what was
// changed since the plan was made.
#include "engine/drift.hpp"
#include "engine/executor.hpp"
#include "engine/objects.hpp"
#include "engine/recovery.hpp"

namespace deployctl::engine {

namespace {

Cause changed_since_plan(const ObjectRef& ref, const Difference& change) {
    Cause cause;
    cause.kind = drift_cause;
    cause.subject = to_text(ref);
    cause.headline =
        "changed since the plan was made: " + line_of(change) + "; nothing was written, plan again";
    return cause;
}

}  // namespace

/// Between the plan and the first write anybody may have changed what it was made from; then it is
/// not carried out, since it would take that back.
Task<std::optional<Executor::Leaving>> Executor::heed_changes() {
    for (const auto& ref : claimed_objects(plan_)) {
        const auto object = co_await ports_.cluster.get(ref);
        const auto found = object ? drift_of(plan_, 0, ref, *object) : std::vector<Difference>{};
        if (!found.empty()) {
            mood_.cause = changed_since_plan(ref, found.front());
            co_return Leaving{ExitCode::blocked};
        }
    }
    co_return std::nullopt;
}

/// An object that another app has written last is taken from it only once its rollout has ended.
Task<std::optional<Cause>> Executor::find_other_app(Value object) {
    const auto fence = read_fence(fence_text_of(object));
    if (!fence || fence->app == plan_.target.app) {
        co_return std::nullopt;
    }
    auto target = plan_.target;
    target.app = fence->app;
    const auto seen = co_await view_lease(ports_.cluster, target);
    if (!names_unfinished(seen)) {
        co_return std::nullopt;
    }
    Cause cause;
    cause.kind = unfinished_cause;
    cause.subject = fence->app;
    cause.headline = object.text("/kind") + "/" + object.text("/metadata/name") +
                     " belongs to the app " + fence->app + ", whose " + named_by(seen) +
                     " has not ended";
    co_return cause;
}

/// What the objects show of another rollout would be taken for how they have always been, where no
/// Lease tells what became of it: somebody has deleted that.
std::optional<Cause> Executor::find_half_done(const Value& object) const {
    const auto other = object.text(annotation_pointer(mark::rollout));
    const auto left = half_done(object);
    const bool is_of_other = !other.empty() && other != journal_.record().id;
    if (!is_of_other || left.empty()) {
        return std::nullopt;
    }
    Cause cause;
    cause.kind = unfinished_cause;
    cause.headline = left.front() + ": rollout " + other + " has left it half done, and " +
                     to_text(lease_ref(plan_.target)) +
                     " names it no more; resume or abort it where its journal is, or mend that by "
                     "kubectl";
    return cause;
}

/// Before the Lease is asked for. A plan that does not fit is no reason to take it from nobody: a
/// rollout whose Lease was deleted goes on as long as that names nobody else.
Task<Executor::Obstacles> Executor::look_for_obstacles() {
    Obstacles found;
    for (const auto& ref : fenced_objects(plan_)) {
        const auto object = co_await ports_.cluster.get(ref);
        if (!object) {
            continue;
        }
        found.always = co_await find_other_app(*object);
        if (found.always) {
            co_return found;
        }
        follow(mood_.trail, *object, journal_.record().id);
        const auto drift = drift_of(plan_, 0, ref, *object);
        if (!found.half_done) {
            found.half_done = find_half_done(*object);
        }
        if (!drift.empty() && !found.changed) {
            found.changed = changed_since_plan(ref, drift.front());
        }
    }
    const bool has_begun =
        journal_.record().state != RolloutState::pending || mood_.trail.newest.has_value();
    if (has_begun) {
        found.changed.reset();  // it may well be its own doing
    }
    co_return found;
}

}  // namespace deployctl::engine
