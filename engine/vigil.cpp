// SPDX-License-Identifier: Apache-2.0
#include "engine/vigil.hpp"

#include "engine/evidence.hpp"
#include "engine/objects.hpp"
#include "engine/time_spent.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

constexpr Duration look_interval = seconds(1);
/// Changes come in bursts, one pod is told of in five kinds: the next look takes in all of one.
constexpr Duration between_looks = milliseconds(50);

std::optional<Outcome> outcome_of(const std::vector<Difference>& found, const Step& step) {
    return Outcome{Outcome::End::cannot_tell, "", cause_of_drift(found, step.stage)};
}

}  // namespace

Vigil::Vigil(Ports ports, const Plan& plan, Journal& journal, Lease& lease, Look& look)
    : ports_(ports),
      plan_(plan),
      journal_(journal),
      lease_(lease),
      look_(look),
      watches_{Health(plan), {}},
      gates_(ports_, plan, journal) {}

GateOrder Vigil::gates_of(const WaitOrder& order, BootTime start) const {
    return {order.step, order.must_pass, start};
}

void Vigil::ask_anew(WaitOrder& order, BootTime start) {
    const auto slowest = gates_.ask_anew(gates_of(order, start));
    if (order.patience) {
        *order.patience += slowest;  // meanwhile nothing can make progress
    }
}

Task<Outcome> Vigil::until(WaitOrder order) {
    co_await gates_.call_off();  // of a wait that an accident has ended
    auto outcome = co_await watch(order);
    co_await gates_.call_off();
    co_return outcome;
}

Task<Outcome> Vigil::watch(WaitOrder order) {
    const auto start = ports_.clock.boot_time();
    Patience patience{start, start};
    ask_anew(order, start);
    const WaitOrder* const wanted = &order;
    for (;;) {
        const auto world = co_await look_.fresh();
        const World* const seen = &world;  // a copy a question would cost more than the question
        auto heard = co_await listen(wanted);
        if (heard) {
            co_return *heard;
        }
        co_await lease_.keep();
        auto drift = find_drift(order, world);
        if (drift) {
            co_return *drift;
        }
        if (order.upkeep) {
            co_await order.upkeep(seen);
        }
        auto trouble = co_await find_trouble(wanted, seen);
        if (trouble) {
            co_return *trouble;
        }
        auto reading = read(order, world, start);
        const Times times{start, ports_.clock.boot_time()};
        auto gate_ends_it = co_await run_gates(wanted, seen, start);
        if (gate_ends_it) {
            co_return *gate_ends_it;
        }
        tell_gates(gates_of(order, start), reading);
        const bool is_at_its_end = co_await holds_to_the_end(wanted, reading, times);
        if (is_at_its_end) {
            co_return Outcome{Outcome::End::done, reading.text};
        }
        auto time_is_up = co_await out_of_time(wanted, seen, reading);
        if (time_is_up) {
            co_return *time_is_up;
        }
        const int progress = reading.progress + gates_.passes_so_far(order.must_pass);
        if (progress > patience.best) {
            patience.best = progress;
            patience.best_at = ports_.clock.boot_time();
        }
        auto too_long = co_await out_of_patience(wanted, patience, seen, reading);
        if (too_long) {
            co_return *too_long;
        }
        show(order, world, reading, start);
        const auto pause = next_look(order, start);
        co_await await_next_look(pause);
    }
}

Reading Vigil::read(const WaitOrder& order, const World& world, BootTime start) const {
    auto reading = order.condition(world);
    if (order.early_end == EarlyEnd::advance_or_proof &&
        gates_.have_proven(gates_of(order, start))) {
        reading.holds = true;
        reading.text += ", proven good";
    }
    return reading;
}

/// Only once they are asked it is known which of them are still waited for.
void Vigil::tell_gates(const GateOrder& order, Reading& reading) const {
    if (!order.must_pass.empty()) {
        reading.text = gates_.waiting_text(order);
    }
}

/// With every gate passed; where they took their time, what was seen before them may be over.
Task<bool> Vigil::holds_to_the_end(const WaitOrder* order, Reading reading, Times times) {
    const bool has_held = reading.holds && gates_.all_passed(gates_of(*order, times.began));
    const bool is_fresh = ports_.clock.boot_time() - times.looked <= between_looks;
    if (!has_held || is_fresh) {
        co_return has_held;
    }
    const auto world = co_await look_.fresh();
    co_return read(*order, world, times.began).holds;
}

Task<> Vigil::await_next_look(Duration at_most) {
    const auto earliest = ports_.clock.boot_time() + std::min(at_most, between_looks);
    co_await ports_.cluster.wait_for_change(at_most);
    const auto rest = std::max(Duration{}, earliest - ports_.clock.boot_time());
    co_await ports_.clock.sleep(rest);
}

Task<std::optional<Outcome>> Vigil::listen(const WaitOrder* order) {
    if (const auto signal = ports_.interrupts.take()) {
        Outcome outcome;
        outcome.end = Outcome::End::interrupted;
        outcome.interrupt = *signal;
        co_return outcome;
    }
    const auto id = journal_.record().id;
    const auto requests = co_await ports_.store.pending_requests(id);
    if (requests.empty()) {
        co_return std::nullopt;
    }
    const auto& request = requests.front();
    Outcome outcome;
    outcome.end = Outcome::End::requested;  // and taken in one transaction with what it changes
    outcome.request = request;
    if (request.kind == RequestKind::advance && order->early_end != EarlyEnd::none) {
        Entry taken = RequestTaken{request.id, request.kind, request.by, request.reason};
        co_await journal_.write(taken);
        outcome.end = Outcome::End::done;
        outcome.detail = "advanced by " + request.by;
    }
    co_return outcome;
}

/// Back, the snapshot is what shall be, and in a pause a person looks after it.
bool Vigil::minds_drift() const {
    const auto& record = journal_.record();
    return record.state == RolloutState::running && record.direction == Direction::forward;
}

std::optional<Outcome> Vigil::find_drift(const WaitOrder& order, const World& world) {
    const auto step = journal_.record().step;
    if (!minds_drift() || watches_.drift.is_undisturbed(step, world) ||
        has_newer_runner(plan_, world, lease_.term())) {
        return std::nullopt;
    }
    if (auto gone = missing_workload(plan_, step, world)) {
        Outcome outcome;
        outcome.end = Outcome::End::failed;
        outcome.cause = *gone;
        outcome.cause.stage = order.step.stage;
        outcome.on_failure = gone->kind == workload_gone ? OnFailure::rollback : plan_.on_failure;
        return outcome;
    }
    const auto found = watches_.drift.look(plan_, step, world);
    return found.empty() ? std::nullopt : outcome_of(found, order.step);
}

std::optional<Outcome> Vigil::foreign_change(
    const Step& step, const ObjectRef& ref, const Value& object
) {
    if (!minds_drift() || is_of_newer_runner(object, lease_.term())) {
        return std::nullopt;
    }
    const auto found = watches_.drift.tell(drift_of(plan_, journal_.record().step, ref, object));
    return found.empty() ? std::nullopt : outcome_of(found, step);
}

Task<std::optional<Outcome>> Vigil::find_trouble(const WaitOrder* order, const World* world) {
    const auto confirmed = watches_.health.examine(*world, order->watch, ports_.clock.boot_time());
    if (confirmed.empty()) {
        co_return std::nullopt;
    }
    const auto cause = cause_of_symptoms(confirmed, plan_, order->step.stage);
    Outcome outcome;
    outcome.end = Outcome::End::failed;
    outcome.on_failure = plan_.on_failure;
    outcome.cause = co_await with_evidence(ports_.cluster, ports_.clock, *world, plan_, cause);
    co_return outcome;
}

Task<std::optional<Outcome>> Vigil::run_gates(
    const WaitOrder* order, const World* world, BootTime start
) {
    if (order->watch == Watch::nothing) {
        co_return std::nullopt;
    }
    const auto wanted = gates_of(*order, start);
    const auto* const asked = &wanted;
    auto ended = co_await gates_.ask(asked, world, look_interval);
    co_return ended;
}

Task<std::optional<Outcome>> Vigil::out_of_time(
    const WaitOrder* order, const World* world, Reading reading
) {
    const auto now = ports_.clock.boot_time();
    Outcome outcome;
    if (deadlines_.watching && now >= *deadlines_.watching) {
        outcome.end = Outcome::End::watched_enough;
        co_return outcome;
    }
    if (!deadlines_.rollout || now < *deadlines_.rollout) {
        co_return std::nullopt;
    }
    const auto limit = plan_.timeouts.rollout;
    Cause cause;
    cause.kind = timeout_cause;
    cause.stage = order->step.stage;
    cause.subject = to_text(order->step.action);
    cause.measured = to_short_text(limit + (now - *deadlines_.rollout));
    cause.limit = deployctl::to_text(limit);
    cause.headline = "not done after " + cause.measured + ", limit " + cause.limit +
                     " (timeouts.rollout); at " + cause.subject + ": " + reading.text;
    outcome.end = Outcome::End::failed;
    outcome.on_failure = plan_.on_failure;
    outcome.cause = co_await with_evidence(ports_.cluster, ports_.clock, *world, plan_, cause);
    co_return outcome;
}

Task<std::optional<Outcome>> Vigil::out_of_patience(
    const WaitOrder* order, Patience patience, const World* world, Reading reading
) {
    const auto now = ports_.clock.boot_time();
    const bool no_progress = order->patience && now - patience.best_at >= *order->patience;
    const bool too_long = order->patience && now - patience.start >= plan_.timeouts.step;
    if (!no_progress && !too_long) {
        co_return std::nullopt;
    }
    Cause cause;
    cause.kind = "deadline";
    cause.stage = order->step.stage;
    cause.subject = to_text(order->step.action);
    cause.measured = reading.text;
    cause.limit = no_progress ? "progress within " + deployctl::to_text(*order->patience)
                              : "done within " + deployctl::to_text(plan_.timeouts.step);
    cause.headline = reading.text + ", no progress for " + to_short_text(now - patience.best_at);
    if (too_long && !no_progress) {
        cause.headline = reading.text + " after " + to_short_text(now - patience.start);
    }
    Outcome outcome;
    outcome.end = Outcome::End::failed;
    outcome.on_failure = plan_.on_failure;
    outcome.cause = co_await with_evidence(ports_.cluster, ports_.clock, *world, plan_, cause);
    const auto& pods = outcome.cause.pods;
    if (!pods.empty() && pods.front().reason == not_ready) {
        outcome.cause.headline += "; " + pods.front().detail;
    }
    co_return outcome;
}

Duration Vigil::next_look(const WaitOrder& order, BootTime start) const {
    auto pause = look_interval;
    if (order.total) {
        pause = std::min(pause, start + *order.total - ports_.clock.boot_time());
    }
    const auto due = gates_.due(order.must_pass);
    for (const auto& deadline : {due, deadlines_.rollout, deadlines_.watching}) {
        pause = deadline ? std::min(pause, *deadline - ports_.clock.boot_time()) : pause;
    }
    return std::max(pause, Duration(milliseconds(5)));
}

}  // namespace deployctl::engine
