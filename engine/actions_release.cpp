// SPDX-License-Identifier: Apache-2.0
// The steps that bring out the other objects of a release, and take them back.
#include "engine/actions.hpp"
#include "engine/drift.hpp"
#include "engine/planned_objects.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace deployctl::engine {

namespace {

constexpr int most_tries = 3;

ReleaseObject need_object(const Plan& plan, const std::string& text) {
    auto object = find_object(plan, text);
    if (!object) {
        throw std::logic_error("the plan has no object " + text);
    }
    return std::move(*object);
}

bool is_of_rollout(const Value& object, const RolloutId& rollout) {
    return annotation_of(object, mark::rollout).view("") == rollout;
}

/// Neither as it was planned on, nor as this rollout makes it.
bool is_disturbed(
    const Value& present, const Value& original, const std::vector<FieldChange>& changes
) {
    return original.is_null() || std::ranges::any_of(changes, [&](const FieldChange& change) {
               const auto& found = present.at(change.pointer);
               return found != change.before && found != change.after;
           });
}

}  // namespace

Task<Outcome> Actions::act(Step step, ApplyObject action) {
    const auto object = need_object(plan_, action.object);
    const auto& original = original_of(plan_, object.ref);
    const auto changes = changes_of(plan_, object);
    const auto present = co_await ports_.cluster.get(object.ref);
    const bool is_own = present && is_of_rollout(*present, journal_.record().id);
    const bool is_gone = !present && !original.is_null();
    if (is_gone || (present && !is_own && is_disturbed(*present, original, changes))) {
        Outcome outcome;
        outcome.end = Outcome::End::failed;
        outcome.on_failure = plan_.on_failure;
        outcome.cause.kind = drift_cause;
        outcome.cause.stage = step.stage;
        outcome.cause.subject = action.object;
        outcome.cause.headline =
            action.object + " is not as it was when the plan was made: plan again";
        co_return outcome;
    }
    const Change change = [changes](const Value& live) {
        return patch_to(live, changes, Side::after);
    };
    const auto result = co_await effects_.ensure_exists(object.ref, make_object(object), change);
    co_return outcome_of(step, result);
}

/// Its status may move on while it is being looked at.
Task<Outcome> Actions::remove_object(
    Step step, ObjectRef ref, std::function<bool(const Value&)> is_meant
) {
    EffectResult result;
    for (int tries = 0; tries < most_tries; ++tries) {
        result = co_await effects_.remove(ref, is_meant);
        const auto left = co_await ports_.cluster.get(ref);
        if (!left || !is_meant(*left)) {
            co_return Outcome{};
        }
        if (result.kind == EffectResult::Kind::refused) {
            break;
        }
    }
    if (result.kind != EffectResult::Kind::refused) {
        result.kind = EffectResult::Kind::stuck;
    }
    co_return outcome_of(step, result);
}

/// Only what the release before has brought out, and nobody else has taken over since.
Task<Outcome> Actions::act(Step step, RemoveObject action) {
    const auto object = need_object(plan_, action.object);
    const std::function<bool(const Value&)> is_meant = [app = plan_.target.app](const Value& live) {
        const auto owner = annotation_of(live, mark::app).view("");
        return owner.empty() || owner == app;
    };
    auto outcome = co_await remove_object(step, object.ref, is_meant);
    co_return outcome;
}

/// What this rollout has not written is as it was, or as somebody else wants it.
Task<Outcome> Actions::act(Step step, RestoreObject action) {
    const auto object = need_object(plan_, action.object);
    const auto& original = original_of(plan_, object.ref);
    const auto changes = changes_of(plan_, object);
    const auto id = journal_.record().id;
    if (original.is_null()) {
        const std::function<bool(const Value&)> is_meant = [id](const Value& live) {
            return is_of_rollout(live, id);
        };
        auto outcome = co_await remove_object(step, object.ref, is_meant);
        co_return outcome;
    }
    const Change change = [changes, id](const Value& live) {
        return is_of_rollout(live, id) ? patch_to(live, changes, Side::before) : JsonPatch{};
    };
    const auto result = co_await effects_.ensure_exists(object.ref, as_new(original), change);
    co_return outcome_of(step, result);
}

}  // namespace deployctl::engine
