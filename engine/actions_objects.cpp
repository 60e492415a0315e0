// SPDX-License-Identifier: Apache-2.0
// The steps that bring out the other objects of a release: copies of configuration first.
#include "engine/actions.hpp"
#include "engine/config_places.hpp"
#include "engine/config_sweep.hpp"
#include "engine/planned_config.hpp"
#include "engine/planned_objects.hpp"

namespace deployctl::engine {

namespace {

JsonPatch as_it_is(const Value&) {
    return {};
}

bool is_fit(const Value& object, const PlannedCopy& planned) {
    return is_copy_of(object, planned.source.name) && config_hash(object) == planned.hash;
}

Outcome refused(const Step& step, const PlannedCopy& planned, std::string headline) {
    Outcome outcome;
    outcome.end = Outcome::End::failed;
    outcome.cause.kind = "config_not_copied";
    outcome.cause.stage = step.stage;
    outcome.cause.subject = to_text(planned.source);
    outcome.cause.headline = std::move(headline);
    return outcome;
}

Outcome taken(const Step& step, const PlannedCopy& planned) {
    return refused(
        step,
        planned,
        to_text(planned.copy) + " exists, and is no copy of " + to_text(planned.source) +
            " as it was planned: delete or rename it, then plan again"
    );
}

Outcome changed(const Step& step, const PlannedCopy& planned) {
    return refused(
        step,
        planned,
        to_text(planned.source) +
            " is not as it was when the plan was made: plan again with what it is now"
    );
}

/// The manifests of the same release may bring it out, later.
Value as_it_will_be(const Plan& plan, const ObjectRef& source, const std::optional<Value>& live) {
    const auto object = find_object(plan, to_text(source));
    const bool is_said = object && !object->said.is_null();
    return is_said ? as_applied(live, *object) : live.value_or(Value());
}

}  // namespace

/// Nothing is made before all that has to be read is as it was planned.
Task<Outcome> Actions::act(Step step, CopyConfig) {
    const auto planned = copies_of(plan_);
    std::vector<PlannedCopy> missing;
    std::vector<Value> objects;
    for (const auto& one : planned) {
        const auto present = co_await ports_.cluster.get(one.copy);
        if (present && !is_fit(*present, one)) {
            co_return taken(step, one);
        }
        if (present) {
            continue;
        }
        const auto live = co_await ports_.cluster.get(one.source);
        const auto source = as_it_will_be(plan_, one.source, live);
        if (config_hash(source) != one.hash) {
            co_return changed(step, one);
        }
        missing.push_back(one);
        objects.push_back(make_copy(source, plan_.target, one.copy.name));
    }
    const Change reuse = as_it_is;
    for (std::size_t each = 0; each < missing.size(); ++each) {
        const auto& one = missing[each];
        const auto result = co_await effects_.ensure_exists(one.copy, objects[each], reuse);
        auto outcome = outcome_of(step, result);
        if (outcome.end != Outcome::End::done) {
            co_return outcome;
        }
        if (!is_fit(result.object, one)) {
            co_return taken(step, one);
        }
    }
    co_return Outcome{Outcome::End::done, missing.empty() ? "holds already" : ""};
}

/// Once a release serves: what cannot be removed is in nobody's way.
Task<> Actions::sweep_copies() {
    const auto world = co_await effects_.world();
    const auto unused = co_await find_unused_copies(ports_.cluster, world, plan_);
    const std::function<bool(const Value&)> is_meant = [app = plan_.target.app](const Value& one) {
        return is_own_copy(one, app);
    };
    for (const auto& ref : unused) {
        co_await effects_.remove(ref, is_meant);
    }
}

}  // namespace deployctl::engine
