// SPDX-License-Identifier: Apache-2.0
#include "engine/adoption.hpp"

#include "engine/cluster_record.hpp"
#include "engine/effects.hpp"
#include "engine/new_rollout.hpp"
#include "engine/objects.hpp"
#include "engine/task_trail.hpp"
#include "engine/trail.hpp"
#include "engine/waiting.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace deployctl::engine {

namespace {

constexpr std::array written_kinds{Kind::deployment, Kind::service, Kind::autoscaler};
constexpr std::int64_t just_begun = 1;  // the version of a row that nothing was appended to

/// The Lease turns before the first restoring write, and an object after it: one of them is enough.
/// The way back is walked from its begin, since each of its steps ensures what it wants.
Standing standing_of(const Plan& plan, const LeaseView& view, const Trail& trail) {
    const bool is_back =
        view.direction == Direction::back || trail.standing.direction == Direction::back;
    if (is_back) {
        return {Direction::back, 0};
    }
    const auto count = static_cast<int>(plan.course.steps.size());
    return {Direction::forward, std::clamp(trail.standing.step, 0, count)};
}

RolloutState state_of(const LeaseView& view, Direction direction) {
    const auto told = read_rollout_state(view.state);
    const bool stands = told == RolloutState::paused || told == RolloutState::needs_human;
    if (stands) {
        return *told;
    }
    return direction == Direction::back ? RolloutState::rolling_back : RolloutState::running;
}

std::string numbered(const RolloutRecord& rollout) {
    return "rollout " + std::to_string(rollout.number) + " (" + rollout.next_version + ", " +
           to_text(rollout.state) + ")";
}

[[noreturn]] void refuse_other(const RolloutRecord& active, const LeaseView& view) {
    throw Error(
        ExitCode::locked,
        numbered(active) + " of " + active.target.app +
            " is active in this journal, but the cluster names " + named_by(view),
        "`deployctl rollout abort " + std::to_string(active.number) +
            " --reason TEXT` closes it here without a write, then the same again"
    );
}

/// Before the Lease is taken from anybody.
Task<> need_no_other(Ports ports, Target target, LeaseView view) {
    RolloutFilter filter;
    filter.which = RolloutFilter::Which::active;
    filter.app = target.app;
    const auto active = co_await ports.store.list(filter);
    for (const auto& rollout : active) {
        const bool is_here = rollout.target.cluster_uid == target.cluster_uid &&
                             rollout.target.kube_namespace == target.kube_namespace;
        if (is_here && rollout.id != view.rollout) {
            refuse_other(rollout, view);
        }
    }
}

void need_unfinished(const LeaseView& view, const Target& target) {
    if (!names_unfinished(view)) {
        throw Error(
            ExitCode::blocked,
            "the last rollout of " + target.app + " has ended (" + view.state +
                "): there is nothing to adopt",
            "nothing was changed; a new rollout may begin"
        );
    }
}

/// An object that says it was written by the rollout.
Task<std::optional<std::string>> find_written(Ports ports, RolloutId rollout) {
    for (const auto kind : written_kinds) {
        const auto objects = co_await list_all(ports.cluster, kind);
        for (const auto& object : objects) {
            if (object.text(annotation_pointer(mark::rollout)) == rollout) {
                co_return object.text("/kind") + "/" + object.text("/metadata/name");
            }
        }
    }
    co_return std::nullopt;
}

/// Without a record there is nothing to adopt: where nothing was changed, its Lease is freed.
Task<> refuse_unrecorded(Ports ports, Target target, LeaseView view, LockPolicy policy) {
    const auto record = to_text(record_ref(target, view.rollout));
    const auto named = named_by(view);
    const auto written = co_await find_written(ports, view.rollout);
    if (written) {
        throw Error(
            ExitCode::blocked,
            record + ", the record of " + named + ", was deleted, and " + *written +
                " was written by it",
            "mend that by kubectl; `deployctl rollout rollback --from-cluster --app " + target.app +
                " -n " + target.kube_namespace + " --reason TEXT` then frees the Lease"
        );
    }
    co_await free_unrecorded(ports, target, view.rollout, policy);
    throw Error(
        ExitCode::blocked,
        named + " was lost before anything was changed: there is nothing to adopt",
        "its Lease is free again; a new rollout may begin"
    );
}

Task<ClusterRecord> need_record(Ports ports, Target target, LeaseView view, LockPolicy policy) {
    auto recorded = co_await load_record(ports.cluster, target, view.rollout);
    if (!recorded) {
        co_await refuse_unrecorded(ports, target, view, policy);
    }
    const auto& uid = recorded->plan.target.cluster_uid;
    if (uid != target.cluster_uid) {
        throw Error(
            ExitCode::usage,
            to_text(record_ref(target, view.rollout)) + " is of another cluster (" + uid +
                ", this one is " + target.cluster_uid + ")",
            "it was copied here: adopt it on its own cluster, or delete the copy and its Lease"
        );
    }
    co_return std::move(*recorded);
}

/// The epoch grows, so that the former runner is stopped; the Lease says what it said before.
Task<> take_from_holder(Ports ports, Target target, LeaseView view, std::int64_t highest_seen) {
    Lease lease(ports.cluster, ports.clock, ports.runners, target);
    LeaseClaim claim;
    claim.rollout = view.rollout;
    claim.policy = LockPolicy::take_over;
    claim.is_new = false;
    claim.highest_seen = highest_seen;
    const auto answer = co_await lease.acquire(claim);
    if (answer.kind != LeaseAnswer::Kind::taken) {
        throw Error(
            ExitCode::locked,
            "somebody else was quicker: " + held_by(answer.seen, ports.clock.now()),
            "the same again, or watch it where it runs"
        );
    }
    const auto state = read_rollout_state(view.state).value_or(RolloutState::running);
    co_await lease.release(state);
}

bool has_runner(const Ports& ports, const LeaseView& view) {
    return !view.holder.empty() && ports.runners.liveness(view.runner) != Liveness::dead;
}

/// Whoever runs it elsewhere must not be joined by a second runner.
Task<> need_silence(Ports ports, Target target, LeaseView view) {
    Silence heard{view, true};
    if (ports.runners.liveness(view.runner) == Liveness::unknown) {
        tell_of_waiting(ports, {}, target)(view);
        heard = co_await await_silence(ports.cluster, ports.clock, target, view);
    }
    if (heard.is_alive) {
        throw Error(
            ExitCode::locked,
            "the lock of " + target.app + " is held by " + held_by(heard.seen, ports.clock.now()),
            "watch it there; `deployctl rollout adopt " + target.app +
                " --takeover` takes it at once, and `rollout resume` then keeps the former runner "
                "from writing"
        );
    }
}

}  // namespace

void need_named(const LeaseView& view, const Target& target) {
    if (!view.exists || view.rollout.empty()) {
        throw Error(
            ExitCode::usage,
            "no Lease/deployctl-" + target.app + " in namespace " + target.kube_namespace,
            "check the app's name and the namespace: `kubectl get leases -n " +
                target.kube_namespace + "`"
        );
    }
}

Task<LeaseView> free_unrecorded(Ports ports, Target target, RolloutId rollout, LockPolicy policy) {
    Lease lease(ports.cluster, ports.clock, ports.runners, target);
    LeaseClaim claim;
    claim.rollout = rollout;
    claim.policy = policy;
    claim.is_new = false;
    claim.on_wait = tell_of_waiting(ports, {}, target);
    auto answer = co_await lease.acquire(claim);
    if (policy == LockPolicy::take_over && has_runner(ports, answer.seen)) {
        // What its record has not been followed by is not fenced: so long it may not know yet that
        // the Lease is not its own, and make the record and more.
        co_await ports.clock.sleep(trust_window);
    }
    const auto record = co_await load_record(ports.cluster, target, rollout);
    if (answer.kind != LeaseAnswer::Kind::taken || record) {
        throw Error(
            ExitCode::locked,
            "the Lease of " + target.app + " is at work: it names " + named_by(answer.seen),
            "the same again, once its runner is gone"
        );
    }
    co_await lease.release(RolloutState::aborted);
    co_return std::move(answer.seen);
}

Task<RolloutRecord> complete_import(Ports ports, Plan plan, RolloutRecord record) {
    if (record.version != just_begun || record.state == RolloutState::pending) {
        co_return record;
    }
    const auto step = record.step;
    std::vector<Entry> entries;
    entries.emplace_back(StateChanged{
        record.state,
        record.state,
        record.direction,
        std::string(imported_reason),
        std::nullopt,
    });
    if (record.direction == Direction::forward) {
        const auto steps = steps_shown_by_cluster(plan, 0, step);
        entries.insert(entries.end(), steps.begin(), steps.end());
        const auto view = co_await view_lease(ports.cluster, plan.target);
        const bool is_forward = view.rollout == record.id && view.direction == Direction::forward;
        const ShownElsewhere shown{0, step, is_forward ? view.step : -1};
        const auto tasks = tasks_shown_elsewhere(plan, {}, shown);
        entries.insert(entries.end(), tasks.begin(), tasks.end());
    }
    Journal journal(ports.store, ports.sink, record);
    co_await journal.write_all(entries);
    co_return journal.record();
}

Task<RolloutRecord> import_rollout(
    Ports ports, ClusterRecord recorded, LeaseView view, RunOptions options
) {
    const auto& plan = recorded.plan;
    const auto trail = co_await read_trail(ports.cluster, plan, view.rollout);
    const auto standing = standing_of(plan, view, trail);
    if (!recorded.initiator.empty()) {
        // Who adopts it has not begun it, and may approve it.
        options.initiator = recorded.initiator;
    }
    auto made = make_new(ports, plan, options, view.rollout);
    made.record.owner = view.runner;
    made.record.direction = standing.direction;
    made.record.step = standing.step;
    made.record.state = state_of(view, standing.direction);
    // What is written from now on is not known here, whoever of them does it: until all objects are
    // claimed that may still be an older runner than the Lease names.
    made.record.epoch = trail.newest ? trail.newest->epoch - 1 : 0;
    const auto begun = co_await begin(ports.store, made);
    if (begun.rollout.id != view.rollout) {
        refuse_other(begun.rollout, view);
    }
    auto completed = co_await complete_import(ports, plan, begun.rollout);
    co_return completed;
}

Task<Adoption> adopt(Ports ports, Target target, RunOptions options) {
    const auto view = co_await view_lease(ports.cluster, target);
    need_named(view, target);
    auto known = co_await ports.store.find(view.rollout);
    if (known) {
        co_return Adoption{std::move(*known), Adoption::Kind::known};
    }
    need_unfinished(view, target);
    const auto recorded = co_await need_record(ports, target, view, options.lock);
    co_await need_no_other(ports, target, view);
    const bool is_held = has_runner(ports, view);
    if (is_held && options.lock == LockPolicy::take_over) {
        const auto trail = co_await read_trail(ports.cluster, recorded.plan, view.rollout);
        co_await take_from_holder(ports, target, view, trail.epoch);
    } else if (is_held) {
        co_await need_silence(ports, target, view);
    }
    const auto settled = co_await view_lease(ports.cluster, target);
    if (settled.rollout != view.rollout || !names_unfinished(settled)) {
        throw Error(
            ExitCode::blocked,
            "meanwhile it has ended: the Lease names " + named_by(settled),
            "nothing was changed"
        );
    }
    auto imported = co_await import_rollout(ports, recorded, settled, options);
    co_return Adoption{std::move(imported), Adoption::Kind::imported};
}

}  // namespace deployctl::engine
