// SPDX-License-Identifier: Apache-2.0
#include "engine/rollout.hpp"

#include "engine/cluster_record.hpp"
#include "engine/executor.hpp"
#include "engine/plan_json.hpp"
#include "model/image.hpp"

namespace deployctl::engine {

namespace {

RolloutRecord make_record_row(const Ports& ports, const Plan& plan, const RunOptions& options) {
    RolloutRecord record;
    record.target = plan.target;
    record.context = options.context;
    record.strategy = plan.strategy;
    record.owner = ports.runners.self();
    record.previous_version = version_text(read_image(plan.release.previous_image));
    record.next_version = plan.release.tag;
    record.digest = plan.release.digest;
    record.plan_hash = hash_of(plan);
    record.initiator = options.initiator;
    record.reason = options.reason;
    return record;
}

NewRollout make_new(const Ports& ports, const Plan& plan, const RunOptions& options, RolloutId id) {
    NewRollout made;
    made.record = make_record_row(ports, plan, options);
    made.record.id = std::move(id);
    made.plan = without_literals(plan);
    made.begun = {
        options.initiator,
        made.record.previous_version,
        made.record.next_version,
        plan.strategy,
        static_cast<int>(plan.course.steps.size()),
    };
    return made;
}

RunResult already_active(const RolloutRecord& active) {
    Cause cause;
    cause.kind = "locked";
    cause.headline = "rollout " + std::to_string(active.number) + " (" + active.next_version +
                     ") of " + active.target.app + " is " + to_text(active.state) +
                     ": watch, resume, abort or roll it back first";
    return {active, cause, ExitCode::locked};
}

/// The plan as the cluster has it; before it was written there, the journal's own, where nothing is
/// hidden in it.
Task<Plan> load_plan(Ports ports, RolloutRecord record) {
    auto from_cluster = co_await load_record(ports.cluster, record.target, record.id);
    if (from_cluster) {
        co_return *from_cluster;
    }
    const auto journalled = co_await ports.store.plan(record.id);
    auto plan = read_plan(journalled);
    if (hash_of(plan) == record.plan_hash) {
        co_return plan;
    }
    throw Error(
        ExitCode::not_rolled_back,
        "the record of rollout " + std::to_string(record.number) +
            " is not in the cluster: " + to_text(record_ref(record.target, record.id)),
        "nothing is written before that record, so nothing was changed: `deployctl rollout abort`, "
        "then start again"
    );
}

RunResult nothing_to_do(const RolloutRecord& record) {
    return {record, std::nullopt, record.exit.value_or(ExitCode::done)};
}

/// Before its record stood in the cluster nothing was written: it ends there and then.
Task<RunResult> cancel(Ports ports, RolloutRecord record, Request request) {
    Journal journal(ports.store, ports.sink, record);
    const auto reason = "aborted by " + request.by + " before anything was changed";
    co_await journal.change_state(RolloutEvent::cancel, Direction::forward, reason, ExitCode::done);
    co_return RunResult{journal.record(), std::nullopt, ExitCode::done};
}

Task<RunResult> run(
    Ports ports, RolloutRecord record, RunOptions options, std::optional<Request> request
) {
    const auto plan = co_await load_plan(ports, record);
    Executor executor(ports, plan, record, options);
    auto result = co_await executor.run(request);
    co_return result;
}

}  // namespace

Task<RunResult> start(Ports ports, Plan plan, RunOptions options) {
    auto id = ports.ids.next();
    auto made = make_new(ports, plan, options, std::move(id));
    const auto begun = co_await ports.store.begin(made);
    if (begun.kind == BeginAnswer::Kind::another_is_active) {
        co_return already_active(begun.rollout);
    }
    const auto events = co_await ports.store.events(begun.rollout.id, 0);
    for (const auto& event : events) {
        ports.sink.on_event(event);
    }
    Executor executor(ports, plan, begun.rollout, options);
    auto result = co_await executor.run(std::nullopt);
    const bool is_refused = result.exit == ExitCode::locked || result.exit == ExitCode::blocked;
    if (is_refused && result.rollout.state == RolloutState::pending) {
        const Request request{0, RequestKind::abort, options.initiator, "it was not started"};
        const auto cancelled = co_await cancel(ports, result.rollout, request);
        result.rollout = cancelled.rollout;
    }
    co_return result;
}

Task<RunResult> resume(Ports ports, RolloutRecord rollout, RunOptions options) {
    if (is_terminal(rollout.state)) {
        co_return nothing_to_do(rollout);
    }
    const Request request{0, RequestKind::resume, options.initiator, options.reason};
    std::optional<Request> wish = request;
    auto result = co_await run(ports, rollout, options, wish);
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
    std::optional<Request> wish = request;
    auto result = co_await run(ports, rollout, options, wish);
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
        auto cancelled = co_await cancel(ports, rollout, request);
        co_return cancelled;
    }
    options.asked_back = true;
    std::optional<Request> wish = request;
    auto result = co_await run(ports, rollout, options, wish);
    co_return result;
}

Task<RunResult> roll_back_from_cluster(
    Ports ports, std::string app, Target target, RunOptions options
) {
    target.app = std::move(app);
    Lease lease(ports.cluster, ports.clock, ports.runners, target);
    const auto view = co_await lease.view();
    if (!view.exists || view.rollout.empty()) {
        throw Error(
            ExitCode::usage,
            "no Lease/deployctl-" + target.app + " in namespace " + target.kube_namespace,
            "check the app's name and the namespace: `kubectl get leases -n " +
                target.kube_namespace + "`"
        );
    }
    const auto ended = read_rollout_state(view.state);
    if (view.holder.empty() && ended && is_terminal(*ended)) {
        RunResult done;
        done.rollout.id = view.rollout;
        done.rollout.target = target;
        done.rollout.state = *ended;
        done.rollout.end_reason = "the last rollout has ended: nothing to roll back";
        co_return done;
    }
    const auto plan = co_await load_record(ports.cluster, target, view.rollout);
    if (!plan) {
        throw Error(
            ExitCode::not_rolled_back,
            "the Lease names rollout " + view.rollout + ", whose record is not in the cluster",
            "nothing is written before that record, so nothing was changed"
        );
    }
    auto made = make_new(ports, *plan, options, view.rollout);
    made.record.epoch = view.epoch;
    const auto begun = co_await ports.store.begin(made);
    auto record = begun.rollout;
    if (record.state == RolloutState::pending) {
        Journal journal(ports.store, ports.sink, record);
        const std::string reason = "imported from the cluster's record";
        co_await journal.change_state(RolloutEvent::start, Direction::forward, reason);
        record = journal.record();
    }
    auto result = co_await turn_back(ports, record, RequestKind::rollback, options);
    co_return result;
}

}  // namespace deployctl::engine
