// SPDX-License-Identifier: Apache-2.0
#include "engine/actions.hpp"

#include "engine/changes.hpp"
#include "engine/cluster_record.hpp"
#include "engine/conditions.hpp"
#include "engine/objects.hpp"
#include "engine/verification.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

/// Where the candidate is still to get ready, its pods may be starting; from then on they serve.
Watch watch_during(const Action& action) {
    if (std::holds_alternative<Hold>(action) || std::holds_alternative<PassGates>(action) ||
        std::holds_alternative<AwaitApproval>(action) || std::holds_alternative<Drain>(action)) {
        return Watch::all_ready;
    }
    const auto* ready = std::get_if<AwaitReady>(&action);
    const bool stable_starts = ready != nullptr && ready->slot == Slot::stable;
    const bool traffic_moves = std::holds_alternative<PointService>(action) ||
                               std::holds_alternative<AwaitEndpoints>(action) ||
                               std::holds_alternative<WriteTemplate>(action);
    return stable_starts || traffic_moves ? Watch::candidate_ready : Watch::startup;
}

}  // namespace

Actions::Actions(Ports ports, const Plan& plan, Journal& journal, Effects& effects, Vigil& vigil)
    : ports_(ports), plan_(plan), journal_(journal), effects_(effects), vigil_(vigil) {}

Task<Outcome> Actions::perform(Step step) {
    auto outcome = co_await dispatch(step);
    if (outcome.cause.kind == drift_cause) {
        outcome.cause = co_await free_pins(outcome.cause);
    }
    co_return outcome;
}

Task<Outcome> Actions::dispatch(const Step& step) {
    return std::visit([&](const auto& action) { return act(step, action); }, step.action);
}

bool Actions::is_going_back() const {
    return journal_.record().direction == Direction::back;
}

WaitOrder Actions::order(const Step& step, Condition condition) {
    WaitOrder wait;
    wait.step = step;
    wait.condition = std::move(condition);
    wait.watch = is_going_back() ? Watch::nothing : watch_during(step.action);
    wait.patience = plan_.timeouts.first_ready;
    if (is_going_back()) {
        wait.upkeep = [this](const World* world) { return keep_pins(world); };
    }
    return wait;
}

Outcome Actions::outcome_of(const Step& step, const EffectResult& result) const {
    Outcome outcome;
    switch (result.kind) {
        case EffectResult::Kind::held: outcome.detail = "holds already"; return outcome;
        case EffectResult::Kind::written: return outcome;
        case EffectResult::Kind::gone: outcome.cause.kind = "object_gone"; break;
        case EffectResult::Kind::refused: outcome.cause.kind = "write_refused"; break;
        case EffectResult::Kind::stuck: outcome.cause.kind = "write_stuck"; break;
    }
    // A write without an answer says nothing about the version: that is held, not taken back.
    const bool is_unknown = result.kind == EffectResult::Kind::stuck;
    outcome.end = is_unknown ? Outcome::End::cannot_tell : Outcome::End::failed;
    outcome.on_failure = plan_.on_failure;
    outcome.cause.stage = step.stage;
    outcome.cause.subject = to_text(step.action);
    outcome.cause.headline = "could not " + to_text(step.action) + ": " + result.message;
    return outcome;
}

Task<Outcome> Actions::act(Step step, RecordSnapshot) {
    const auto ref = record_ref(plan_.target, journal_.record().id);
    auto record = make_record(plan_, journal_.record());
    const Change reuse = no_change;
    const auto result = co_await effects_.ensure_exists(ref, record, reuse);
    auto outcome = outcome_of(step, result);
    if (outcome.end == Outcome::End::done) {
        co_await sweep();
    }
    co_return outcome;
}

/// What older rollouts have left, at the begin and at the end: whoever brings one to its end that
/// stood for days clears away as well. What cannot be removed is in nobody's way.
Task<> Actions::sweep() {
    const auto world = co_await effects_.world();
    const auto refs = old_leftovers(plan_, world, ports_.clock.now());
    const std::function<bool(const Value&)> is_meant = [app = plan_.target.app](const Value& one) {
        return is_left_over(one, app);
    };
    for (const auto& ref : refs) {
        co_await effects_.remove(ref, is_meant);
    }
}

Task<Outcome> Actions::act(Step step, CreatePreviewService action) {
    const auto ref = service_ref(plan_, action.name);
    const auto wanted = make_preview_service(plan_, action);
    const auto selector = read_labels(wanted.at("/spec/selector"));
    const Change reuse = [selector](const Value& object) { return set_selector(object, selector); };
    const auto result = co_await effects_.ensure_exists(ref, wanted, reuse);
    co_return outcome_of(step, result);
}

Task<Outcome> Actions::act(Step step, PointService action) {
    const bool to_stable = action.to == Pointing::stable;
    if (is_going_back() && to_stable) {
        const bool is_alone = co_await nothing_to_leave();
        if (is_alone) {
            co_return Outcome{Outcome::End::done, "no candidate pod to leave"};
        }
    }
    auto wait = order(step, service_can_move(plan_, action, journal_.record().direction));
    auto outcome = co_await vigil_.until(wait);
    if (outcome.end != Outcome::End::done) {
        co_return outcome;
    }
    const auto world = co_await effects_.world();
    const auto* stable = find_workload(world, plan_.workload);
    if (to_stable && stable != nullptr) {  // its hash is about to be pinned
        const auto stable_ref = workload_ref(plan_, Slot::stable);
        const auto foreign = vigil_.foreign_change(step, stable_ref, stable->body);
        if (foreign) {
            co_return *foreign;
        }
    }
    const auto selector =
        selector_for(plan_, world, action).value_or(original_selector(plan_, action.service));
    const auto ref = service_ref(plan_, action.service);
    const Change change = [selector](const Value& object) {
        return set_selector(object, selector);
    };
    auto written = co_await write(step, ref, change);
    co_return written;
}

/// Between the step that waited for the other side and this write a pod may have failed, or a
/// runner have died.
Task<Outcome> Actions::until_it_can_shrink(Step step, Scale action) {
    const auto world = co_await effects_.world();
    const auto can_shrink = slot_can_shrink(plan_, action);
    const bool may_shrink = can_shrink(world).holds;
    if (may_shrink) {
        co_return Outcome{};
    }
    auto wait = order(step, can_shrink);
    auto outcome = co_await vigil_.until(wait);
    co_return outcome;
}

Task<Outcome> Actions::act(Step step, Scale action) {
    auto outcome = co_await until_it_can_shrink(step, action);
    if (outcome.end != Outcome::End::done) {
        co_return outcome;
    }
    const auto ref = workload_ref(plan_, action.slot);
    const bool may_be_larger = is_sized_by_autoscaler(action);
    const Change change = [replicas = action.replicas, may_be_larger](const Value& object) {
        return may_be_larger ? raise_replicas(object, replicas) : set_replicas(object, replicas);
    };
    auto written = co_await write(step, ref, change);
    co_return written;
}

Task<Outcome> Actions::act(Step step, WriteTemplate action) {
    const auto ref = workload_ref(plan_, Slot::stable);
    const auto& pod_template = template_of(plan_, action.version);
    if (!is_going_back()) {
        auto wait = order(step, slot_can_serve(plan_, Slot::candidate));
        auto outcome = co_await vigil_.until(wait);
        if (outcome.end != Outcome::End::done) {
            co_return outcome;
        }
    }
    const auto present = co_await ports_.cluster.get(ref);
    const auto foreign = present ? vigil_.foreign_change(step, ref, *present) : std::nullopt;
    if (foreign) {
        co_return *foreign;
    }
    if (present && present->at("/spec/template") != pod_template) {
        auto freed = co_await free_services(step);
        if (freed.end != Outcome::End::done) {
            co_return freed;
        }
    }
    const Change change = [pod_template, replicas = action.replicas](const Value& object) {
        return set_template(object, pod_template, replicas);
    };
    auto written = co_await write(step, ref, change);
    co_return written;
}

Task<> Actions::note_traffic_restored() {
    WeightRow all_on_stable;
    all_on_stable.stable = plan_.scene.replicas;
    Entry moved = TrafficMoved{all_on_stable};
    co_await journal_.write(moved);
}

Task<Outcome> Actions::act(Step step, AwaitReady action) {
    auto wait = order(step, slot_is_ready(plan_, action));
    auto outcome = co_await vigil_.until(wait);
    // Without a Service the pods themselves are the traffic's share.
    const bool pods_are_gone = action.slot == Slot::candidate && plan_.scene.services.empty();
    if (is_going_back() && pods_are_gone && outcome.end == Outcome::End::done) {
        co_await note_traffic_restored();
    }
    co_return outcome;
}

Task<Outcome> Actions::act(Step step, AwaitWeight action) {
    auto wait = order(step, weight_is_reached(plan_, action));
    auto outcome = co_await vigil_.until(wait);
    if (outcome.end == Outcome::End::done) {
        Entry moved = TrafficMoved{action.weight};
        co_await journal_.write(moved);
    }
    co_return outcome;
}

Task<Outcome> Actions::act(Step step, AwaitEndpoints action) {
    if (is_going_back()) {
        const bool is_alone = co_await nothing_to_leave();
        if (is_alone) {
            co_return Outcome{Outcome::End::done, "no candidate pod to leave"};
        }
    }
    auto pointed = co_await point_again(step, action);
    if (pointed.end != Outcome::End::done) {
        co_return pointed;
    }
    auto wait = order(step, service_reaches(plan_, action));
    auto outcome = co_await vigil_.until(wait);
    const bool is_last = action.service == plan_.scene.services.back();
    if (is_going_back() && is_last && outcome.end == Outcome::End::done) {
        co_await note_traffic_restored();
    }
    co_return outcome;
}

Task<Outcome> Actions::act(Step step, Hold action) {
    auto wait = order(step, time_has_passed(ports_.clock, action.duration));
    wait.patience = std::nullopt;
    wait.total = action.duration;
    wait.early_end = action.early ? EarlyEnd::advance_or_proof : EarlyEnd::advance;
    auto outcome = co_await vigil_.until(wait);
    co_return outcome;
}

Task<Outcome> Actions::act(Step step, PassGates action) {
    auto wait = order(step, gates_alone());
    wait.must_pass = action.gates;
    auto outcome = co_await vigil_.until(wait);
    co_return outcome;
}

Task<Outcome> Actions::act(Step step, Drain action) {
    const bool is_alone = co_await nothing_to_leave();
    if (is_going_back() && is_alone) {
        co_return Outcome{Outcome::End::done, "no candidate pod to leave"};
    }
    auto wait = order(step, time_has_passed(ports_.clock, action.duration));
    wait.patience = std::nullopt;
    wait.total = action.duration;
    auto outcome = co_await vigil_.until(wait);
    co_return outcome;
}

Task<Outcome> Actions::act(Step step, VerifyOutcome action) {
    auto wait = order(step, serves_in_full(plan_, action.version));
    wait.watch = Watch::nothing;
    auto served = co_await vigil_.until(wait);
    if (served.end == Outcome::End::failed) {
        served.on_failure = OnFailure::hold;
        served.cause.kind = "not_verified";
        served.cause.headline = "the end is not as planned: " + served.cause.headline;
    }
    if (served.end != Outcome::End::done) {
        co_return served;
    }
    const auto problems = co_await verify(ports_.cluster, ports_.clock, plan_, action.version);
    if (problems.empty()) {
        co_await sweep();
        if (action.version == Version::next) {
            co_await sweep_copies();
        }
        co_return Outcome{};
    }
    Outcome outcome;
    outcome.end = Outcome::End::failed;
    outcome.on_failure = OnFailure::hold;
    outcome.cause.kind = "not_verified";
    outcome.cause.stage = step.stage;
    outcome.cause.headline = "the end is not as planned: " + problems.front();
    outcome.cause.later.assign(problems.begin() + 1, problems.end());
    co_return outcome;
}

}  // namespace deployctl::engine
