// SPDX-License-Identifier: Apache-2.0
#include "engine/rollout.hpp"

#include "engine/adoption.hpp"
#include "engine/cluster_record.hpp"
#include "engine/executor.hpp"
#include "engine/new_rollout.hpp"
#include "engine/objects.hpp"
#include "engine/plan_json.hpp"
#include "engine/recovery.hpp"
#include "engine/steps_done.hpp"
#include "model/text.hpp"

namespace deployctl::engine {

namespace {

RunResult already_active(const RolloutRecord& active) {
    Cause cause;
    cause.kind = "active";
    cause.headline = "rollout " + std::to_string(active.number) + " (" + active.next_version +
                     ") of " + active.target.app + " is " + to_text(active.state) +
                     ": watch, resume, abort or roll it back first";
    return {active, cause, ExitCode::locked};
}

Task<bool> has_changed_nothing(Ports ports, RolloutRecord record) {
    const auto events = co_await ports.store.events(record.id, 0);
    co_return shows_no_effect(events, record_ref(record.target, record.id));
}

std::optional<Plan> if_whole(Plan plan, const RolloutRecord& record) {
    return hash_of(plan) == record.plan_hash ? std::optional(std::move(plan)) : std::nullopt;
}

/// The journal's plan. What is hidden in it still stands in the workload, as long as nothing was
/// changed, unless manifests were to bring it: then nothing.
Task<std::optional<Plan>> load_journalled(Ports ports, RolloutRecord record) {
    const auto journalled = co_await ports.store.plan(record.id);
    const auto plan = read_plan(journalled);
    if (auto whole = if_whole(plan, record)) {
        co_return whole;
    }
    const bool is_untouched = co_await has_changed_nothing(ports, record);
    if (!is_untouched) {
        co_return std::nullopt;
    }
    const auto workload = co_await ports.cluster.get(workload_ref(plan, Slot::stable));
    co_return if_whole(with_literals(plan, workload.value_or(Value())), record);
}

/// The plan as the cluster's record has it, or, where that does not stand yet, the journal's.
Task<std::optional<Plan>> load_plan(Ports ports, RolloutRecord record) {
    auto recorded = co_await load_record(ports.cluster, record.target, record.id);
    if (recorded) {
        co_return std::move(recorded->plan);
    }
    auto plan = co_await load_journalled(ports, record);
    co_return plan;
}

RunResult nothing_to_do(const RolloutRecord& record) {
    return {record, std::nullopt, record.exit.value_or(ExitCode::done)};
}

/// Nothing was changed: it ends there and then, and its Lease, if it came so far, is free again.
Task<RunResult> cancel(Ports ports, RolloutRecord record, std::string reason, ExitCode exit) {
    Journal journal(ports.store, ports.sink, record);
    co_await journal.change_state(RolloutEvent::cancel, Direction::forward, reason, exit);
    co_await settle_lease(ports, journal.record());
    co_return RunResult{journal.record(), std::nullopt, exit};
}

Task<RunResult> cancel_as_asked(Ports ports, RolloutRecord record, Request request) {
    const auto reason = "aborted by " + request.by + " before anything was changed";
    auto cancelled = co_await cancel(ports, record, reason, ExitCode::done);
    co_return cancelled;
}

/// What has to be restored is known to nobody any more: whatever shows that it is half done has to
/// be mended first, by a person.
Task<> need_mended(Ports ports, Target target, RolloutId rollout) {
    const auto left = co_await left_half_done(ports.cluster, rollout);
    if (!left.empty()) {
        throw Error(
            ExitCode::not_rolled_back,
            to_text(record_ref(target, rollout)) +
                ", the record of the rollout, was deleted while it was under way, and it is half "
                "done: " +
                join(left, "; "),
            "nothing was changed. With the record went what has to be restored: mend these by "
            "kubectl, and the size of the workload, then the same again"
        );
    }
}

/// Only closed here: nothing is written to the cluster, whose Lease may be gone as well.
Task<RunResult> close_without_record(Ports ports, RolloutRecord record, Request request) {
    co_await need_mended(ports, record.target, record.id);
    Journal journal(ports.store, ports.sink, record);
    const auto reason = "its record was deleted: closed here by " + request.by +
                        ", and nothing was written to the cluster";
    co_await journal.change_state(
        RolloutEvent::supersede, record.direction, reason, ExitCode::done
    );
    co_await settle_lease(ports, journal.record());
    co_return RunResult{journal.record(), std::nullopt, ExitCode::done};
}

/// The record in the cluster comes before everything else: without it, and without an intent for
/// anything else, there is nothing to go on with or to go back from.
Task<RunResult> run_without_record(Ports ports, RolloutRecord record, Request request) {
    const bool is_untouched = co_await has_changed_nothing(ports, record);
    if (!is_untouched && request.kind == RequestKind::abort) {
        auto closed = co_await close_without_record(ports, record, request);
        co_return closed;
    }
    if (!is_untouched) {
        throw Error(
            ExitCode::not_rolled_back,
            to_text(record_ref(record.target, record.id)) + ", the record of rollout " +
                std::to_string(record.number) + ", was deleted while it was under way",
            "with it went what has to be restored: `deployctl show " +
                std::to_string(record.number) +
                "` has the plan without literal values; mend the objects by kubectl, then "
                "`deployctl rollout abort " +
                std::to_string(record.number) + " --reason TEXT` closes it here"
        );
    }
    if (sends_back(request.kind)) {
        auto cancelled = co_await cancel_as_asked(ports, record, request);
        co_return cancelled;
    }
    const std::string reason =
        "its runner was lost before anything was changed, and with it the plan: start again";
    auto cancelled = co_await cancel(ports, record, reason, ExitCode::blocked);
    co_return cancelled;
}

Task<RunResult> run(Ports ports, RolloutRecord record, RunOptions options, Request request) {
    const auto plan = co_await load_plan(ports, record);
    if (!plan) {
        auto ended = co_await run_without_record(ports, record, request);
        co_return ended;
    }
    record = co_await complete_import(ports, *plan, record);
    Executor executor(ports, *plan, record, options);
    const std::optional<Request> wish = request;
    auto result = co_await executor.run(wish);
    co_return result;
}

}  // namespace

Task<RunResult> start(Ports ports, Plan plan, RunOptions options) {
    auto id = ports.ids.next();
    auto made = make_new(ports, plan, options, std::move(id));
    const auto begun = co_await begin(ports.store, made);
    if (begun.kind == BeginAnswer::Kind::another_is_active) {
        co_return already_active(begun.rollout);
    }
    const auto events = co_await ports.store.events(begun.rollout.id, 0);
    for (const auto& event : events) {
        ports.sink.on_event(event);
    }
    Journal journal(ports.store, ports.sink, begun.rollout);
    if (!options.remark.empty()) {
        Entry remark = Noted{options.remark};
        co_await journal.write(remark);
    }
    Executor executor(ports, plan, journal.record(), options);
    auto result = co_await executor.run(std::nullopt);
    const bool is_refused = result.exit == ExitCode::locked || result.exit == ExitCode::blocked;
    if (is_refused && result.rollout.state == RolloutState::pending) {
        const Request request{0, RequestKind::abort, options.initiator, "it was not started"};
        const auto cancelled = co_await cancel_as_asked(ports, result.rollout, request);
        result.rollout = cancelled.rollout;
    }
    co_return result;
}

Task<RunResult> resume(Ports ports, RolloutRecord rollout, RunOptions options) {
    if (is_terminal(rollout.state)) {
        co_return nothing_to_do(rollout);
    }
    const Request request{0, RequestKind::resume, options.initiator, options.reason};
    auto result = co_await run(ports, rollout, options, request);
    co_return result;
}

bool can_retry(const RolloutRecord& rollout, const std::optional<Cause>& cause) {
    return rollout.direction == Direction::forward || (cause && cause->kind == interrupt_cause);
}

void need_retry(const RolloutRecord& rollout, const std::optional<Cause>& cause) {
    if (can_retry(rollout, cause)) {
        return;
    }
    const auto number = std::to_string(rollout.number);
    throw Error(
        ExitCode::usage,
        "rollout " + number + " (" + rollout.next_version + ") is on its way back" +
            (cause ? ": " + cause->headline : ""),
        "let it end (deployctl rollout rollback " + number + " --reason TEXT), then start a new one"
    );
}

Task<RunResult> retry(Ports ports, RolloutRecord rollout, RunOptions options) {
    if (is_terminal(rollout.state)) {
        co_return nothing_to_do(rollout);
    }
    const auto cause = co_await ports.store.cause(rollout.id);
    need_retry(rollout, cause);
    const Request request{0, RequestKind::retry, options.initiator, options.reason};
    auto result = co_await run(ports, rollout, options, request);
    co_return result;
}

Task<RunResult> turn_back(
    Ports ports, RolloutRecord rollout, RequestKind kind, RunOptions options
) {
    if (is_terminal(rollout.state)) {
        co_return nothing_to_do(rollout);
    }
    const Request request{0, kind, options.initiator, options.reason};
    if (rollout.state == RolloutState::pending) {
        auto cancelled = co_await cancel_as_asked(ports, rollout, request);
        co_return cancelled;
    }
    options.asked_back = true;
    auto result = co_await run(ports, rollout, options, request);
    co_return result;
}

namespace {

/// Without a rollout of its own: what there is to say is all in `end_reason`.
RunResult nothing_to_roll_back(
    const Target& target, const LeaseView& view, const std::string& why
) {
    RunResult done;
    done.rollout.id = view.rollout;
    done.rollout.target = target;
    done.rollout.state = read_rollout_state(view.state).value_or(RolloutState::aborted);
    done.rollout.end_reason = "nothing to roll back: the last rollout of " + target.app + " " + why;
    return done;
}

}  // namespace

Task<RunResult> roll_back_from_cluster(
    Ports ports, std::string app, Target target, RunOptions options
) {
    target.app = std::move(app);
    Lease lease(ports.cluster, ports.clock, ports.runners, target);
    const auto view = co_await lease.view();
    need_named(view, target);
    if (!names_unfinished(view)) {
        co_return nothing_to_roll_back(target, view, "has ended (" + view.state + ")");
    }
    const auto known = co_await ports.store.find(view.rollout);
    if (known && is_terminal(known->state)) {
        co_await settle_lease(ports, *known);
        co_return nothing_to_roll_back(
            target, view, std::string("has ended (") + to_text(known->state) + ")"
        );
    }
    const auto recorded = co_await load_record(ports.cluster, target, view.rollout);
    if (!recorded) {
        co_await need_mended(ports, target, view.rollout);
        auto ended = co_await free_unrecorded(ports, target, view.rollout, options.lock);
        ended.state = to_text(RolloutState::aborted);
        co_return nothing_to_roll_back(
            target, ended, "has no record any more; its Lease is free again"
        );
    }
    auto record = known;
    if (!record) {
        record = co_await import_rollout(ports, *recorded, view, options);
    }
    auto result = co_await turn_back(ports, *record, RequestKind::rollback, options);
    co_return result;
}

}  // namespace deployctl::engine
