// SPDX-License-Identifier: Apache-2.0
// The care that actions take: of what somebody else has changed, and of Services that a change of
// stable's template would leave without pods.
#include "engine/actions.hpp"
#include "engine/changes.hpp"
#include "engine/conditions.hpp"
#include "engine/objects.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

bool is_pinned_by_hash(const Value& service) {
    return service.has("/spec/selector/" + std::string(mark::template_hash));
}

/// The Service's selector fits the workload's pods.
bool is_reached(const World& world, const std::string& workload, const std::string& name) {
    const auto* service = find_service(world, name);
    const auto* reached = find_workload(world, workload);
    return service != nullptr && reached != nullptr &&
           selects(service->selector, reached->template_labels);
}

int ready_among(const World& world, const Labels& selector) {
    return static_cast<int>(std::ranges::count_if(world.pods, [&](const Pod& pod) {
        return pod.ready && !pod.is_leaving() && selects(selector, pod.meta.labels);
    }));
}

bool candidate_is_reached(const Plan& plan, const World& world) {
    return std::ranges::any_of(plan.scene.services, [&](const std::string& name) {
        return is_reached(world, plan.candidate, name);
    });
}

/// Without the candidate. A Service that is freed of its pin gets all of stable's pods, also while
/// somebody else's template still replaces the old ones; one that reaches the candidate first goes
/// over to those of the present template.
bool stable_serves_alone(const Plan& plan, const World& world) {
    if (candidate_is_reached(plan, world)) {
        return slot_can_shrink(plan, Scale{Slot::candidate, 0})(world).holds;
    }
    const auto pods = all_pods_of(world, *find_workload(world, plan.workload));
    const auto ready = std::ranges::count_if(pods, [](const Pod* pod) {
        return pod->ready && !pod->is_leaving();
    });
    return ready >= floor_of(plan) || ready_of_slot(plan, world, Slot::candidate) == 0;
}

/// To pods of a template that is not the next version's, and that serve alone as well.
bool is_pinned_to_foreign_pods(const Plan& plan, const World& world) {
    const auto* stable = find_workload(world, plan.workload);
    const bool is_pinned = std::ranges::any_of(plan.scene.services, [&](const std::string& name) {
        const auto* service = find_service(world, name);
        return service != nullptr && is_pinned_by_hash(service->body);
    });
    const bool is_foreign = stable != nullptr && !runs_next(plan, *stable);
    return is_pinned && is_foreign && stable_serves_alone(plan, world);
}

/// The pin to stable's present pods, where the Service has one to fewer that are ready.
std::optional<Labels> better_pin(const Plan& plan, const World& world, const std::string& name) {
    const auto* service = find_service(world, name);
    if (service == nullptr || !is_pinned_by_hash(service->body)) {
        return std::nullopt;
    }
    auto wanted = selector_for(plan, world, PointService{name, Pointing::stable});
    const bool is_better =
        wanted && ready_among(world, *wanted) > ready_among(world, service->selector);
    return is_better ? wanted : std::nullopt;
}

}  // namespace

/// On the way forward nothing of somebody else's is written over before a person has said so.
Task<Outcome> Actions::write(Step step, ObjectRef ref, Change change) {
    std::optional<Outcome> foreign;
    const Change careful = [&](const Value& object) {
        foreign = vigil_.foreign_change(step, ref, object);
        return foreign ? JsonPatch{} : change(object);
    };
    const auto result = co_await effects_.ensure(ref, careful);
    if (foreign) {
        co_return *foreign;
    }
    auto outcome = outcome_of(step, result);
    const bool is_stable = ref == workload_ref(plan_, Slot::stable);
    if (result.kind == EffectResult::Kind::gone && ref.kind == Kind::deployment && !is_stable) {
        outcome.cause.kind = candidate_gone;
    }
    co_return outcome;
}

/// Back, from pods that somebody else has changed: the candidate goes before their Service is
/// freed, so that the version which is taken back gets none of its traffic.
Task<Outcome> Actions::retire_first(Step step) {
    const auto world = co_await effects_.world();
    const bool is_needed = is_pinned_to_foreign_pods(plan_, world);
    if (!is_needed) {
        co_return Outcome{};
    }
    Outcome outcome;
    if (candidate_is_reached(plan_, world)) {
        outcome = co_await leave(step, Slot::candidate);
    }
    if (outcome.end == Outcome::End::done) {
        outcome = co_await put_away(step, Slot::candidate);
    }
    if (outcome.end == Outcome::End::done) {
        const AwaitReady until_gone{Slot::candidate, 0};
        outcome = co_await act(step, until_gone);
    }
    co_return outcome;
}

/// A Service that is pinned to stable by hash would be empty once stable's template changes: it is
/// moved to the candidate where that one serves, before the template is written. Where it does not,
/// forward that is waited for again; back, where it is only a part of the traffic's size, whatever
/// is ready has to serve: the Service gets its owner's selector.
Task<Outcome> Actions::free_services(Step step) {
    if (is_going_back()) {
        auto retired = co_await retire_first(step);
        if (retired.end != Outcome::End::done) {
            co_return retired;
        }
    }
    const auto world = co_await effects_.world();
    const auto can_serve = slot_can_serve(plan_, Slot::candidate);
    const auto* candidate = find_workload(world, plan_.candidate);
    const bool has_candidate = candidate != nullptr && candidate->replicas > 0;
    const bool is_large_enough =
        !is_going_back() || ready_of_slot(plan_, world, Slot::candidate) >= floor_of(plan_);
    const bool candidate_serves = has_candidate && is_large_enough && can_serve(world).holds;
    if (has_candidate && !candidate_serves && !is_going_back()) {
        auto wait = order(step, can_serve);
        auto outcome = co_await vigil_.until(wait);
        if (outcome.end == Outcome::End::done) {
            outcome = co_await free_services(step);
        }
        co_return outcome;
    }
    const auto to = candidate_serves ? Pointing::candidate : Pointing::original;
    const World* const seen = &world;
    auto moved = co_await move_services(seen, to);
    co_return moved;
}

/// All of them; one that somebody has freed of its pin already stays where the candidate serves.
Task<Outcome> Actions::move_services(const World* world, Pointing to) {
    const bool candidate_serves = to == Pointing::candidate;
    for (const auto& service : plan_.scene.services) {
        const PointService action{service, to};
        const auto selector =
            selector_for(plan_, *world, action).value_or(original_selector(plan_, service));
        const auto ref = service_ref(plan_, service);
        const Change change = [selector, candidate_serves](const Value& object) {
            const bool may_stay = candidate_serves && !is_pinned_by_hash(object);
            return may_stay ? JsonPatch{} : set_selector(object, selector);
        };
        const auto result = co_await effects_.ensure(ref, change);
        if (result.kind == EffectResult::Kind::refused ||
            result.kind == EffectResult::Kind::stuck) {
            const Step pointing{"restore", Action(action), {}};
            co_return outcome_of(pointing, result);
        }
    }
    co_return Outcome{};
}

/// A Service that was freed, or that its owner has applied again, is pointed anew once a person has
/// gone on from it: else its endpoints would be waited for in vain.
Task<Outcome> Actions::point_again(Step step, AwaitEndpoints action) {
    const auto world = co_await effects_.world();
    const bool is_planned = std::ranges::count(plan_.scene.services, action.service) > 0;
    const auto* service = find_service(world, action.service);
    const bool is_off = action.to != Pointing::original && service != nullptr &&
                        service->selector == original_selector(plan_, action.service);
    if (!is_planned || !is_off) {
        co_return Outcome{};
    }
    const PointService wanted{action.service, action.to};
    auto pointed = co_await act(step, wanted);
    co_return pointed;
}

/// Since the Services were pointed at stable somebody may have changed them, or freed one from a
/// pin to pods that go: then it is pointed once more, and drained, before the candidate's pods go.
/// Nor do they go while stable could not serve alone.
Task<Outcome> Actions::leave(Step step, Slot slot) {
    const bool is_gone = co_await is_away(slot);
    if (is_gone) {
        co_return Outcome{};
    }
    Outcome outcome;
    bool has_moved = false;
    for (const auto& name : plan_.scene.services) {
        const auto world = co_await effects_.world();
        if (!is_reached(world, name_of(plan_, slot), name)) {
            continue;
        }
        has_moved = true;
        if (!is_going_back()) {  // stable's pods may be new ones, by somebody else's template
            auto wait = order(step, slot_can_serve(plan_, Slot::stable));
            outcome = co_await vigil_.until(wait);
            if (outcome.end != Outcome::End::done) {
                co_return outcome;
            }
        }
        const PointService to_stable{name, Pointing::stable};
        outcome = co_await act(step, to_stable);
        if (outcome.end != Outcome::End::done) {
            co_return outcome;
        }
        auto wait = order(step, service_reaches(plan_, AwaitEndpoints{name, Pointing::stable}));
        outcome = co_await vigil_.until(wait);
        if (outcome.end != Outcome::End::done) {
            co_return outcome;
        }
    }
    if (has_moved) {
        const Drain drain{plan_.scene.drain};
        outcome = co_await act(step, drain);
        if (outcome.end != Outcome::End::done) {
            co_return outcome;
        }
    }
    const Scale to_nothing{slot, 0};
    outcome = co_await until_it_can_shrink(step, to_nothing);
    co_return outcome;
}

/// Back, nobody is asked about a change of stable's template: a Service that is pinned to the pods
/// of the old one goes over to those of the new one once most of the ready ones are there, and
/// never to the candidate.
Task<> Actions::keep_pins(const World* world) {
    for (const auto& name : plan_.scene.services) {
        const auto selector = better_pin(plan_, *world, name);
        if (!selector) {
            continue;
        }
        const auto ref = service_ref(plan_, name);
        const Change change = [wanted = *selector](const Value& object) {
            return set_selector(object, wanted);
        };
        co_await effects_.ensure(ref, change);
    }
}

/// Somebody else's template of stable leaves a pin by hash without pods while a person thinks it
/// over: such a Service gets its owner's selector first, which holds whatever comes next, and the
/// cause says so.
Task<Cause> Actions::free_pins(Cause cause) {
    const auto world = co_await effects_.world();
    const auto* stable = find_workload(world, plan_.workload);
    // Where only its size was changed its controller may not have seen that yet: no pod goes.
    const auto* set = stable == nullptr ? nullptr : replica_set_of_template(world, *stable);
    for (const auto& name : plan_.scene.services) {
        const auto* service = find_service(world, name);
        const bool is_pinned = service != nullptr && is_pinned_by_hash(service->body);
        const bool is_right = is_pinned && set != nullptr &&
                              service->selector.at(std::string(mark::template_hash)) == set->hash;
        if (!is_pinned || is_right) {
            continue;
        }
        const auto ref = service_ref(plan_, name);
        const auto selector = original_selector(plan_, name);
        const Change change = [selector](const Value& object) {
            return set_selector(object, selector);
        };
        const auto result = co_await effects_.ensure(ref, change);
        for (const auto& one : drift_of(plan_, journal_.record().step, ref, result.object)) {
            cause.changes.push_back(line_of(one));
        }
        cause.notices.push_back(
            to_text(ref) + " was pinned to pods that go: unpinned, it also reaches the candidate"
        );
    }
    co_return cause;
}

}  // namespace deployctl::engine
