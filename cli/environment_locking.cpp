// SPDX-License-Identifier: Apache-2.0
#include "cli/environment_locking.hpp"

#include "cli/elsewhere.hpp"
#include "model/error.hpp"

#include <utility>

namespace deployctl::cli {

namespace {

Located locate_in(Session& session, const std::string& environment) {
    Elsewhere there(session, environment);
    return locate(there.session());
}

/// It has happened already: one word for the record.
void note(Session& session, const std::string& kind, const LockOrder& order, Value result) {
    auto& parts = session.parts;
    Operation operation;
    operation.id = parts.ids().next();
    operation.kind = kind;
    operation.app = order.app;
    operation.environment = order.environment;
    operation.subject = order.by;
    operation.by = order.by;
    operation.reason = order.reason;
    operation.runner = parts.runners().self();
    auto begun = wait_for(parts, parts.operations().begin_operation(operation));
    if (begun.kind == BeginOperation::Kind::begun) {
        begun.operation.state = OperationState::done;
        begun.operation.result = std::move(result);
        static_cast<void>(wait_for(parts, parts.operations().end_operation(begun.operation)));
    }
}

}  // namespace

Value value_of(const engine::EnvironmentLock& lock) {
    return Value::map({
        {"environment", lock.environment},
        {"by", lock.by},
        {"since", to_rfc3339(lock.since)},
        {"reason", lock.reason},
    });
}

std::optional<engine::EnvironmentLock> find_lock(Parts& parts, const ClusterChoice& cluster) {
    return wait_for(
        parts, engine::read_environment_lock(&parts.cluster(cluster), cluster.kube_namespace)
    );
}

void heed_lock(Parts& parts, const ClusterChoice& cluster, engine::PlanDraft& draft) {
    if (draft.is_no_change) {
        return;
    }
    const auto lock = as_beginning([&] { return find_lock(parts, cluster); });
    if (lock) {
        draft.refusals.push_back(
            engine::to_text(*lock) + " (`deployctl env unlock ENV --reason TEXT` takes it away)"
        );
    }
}

void refuse_if_locked(Parts& parts, const ClusterChoice& cluster) {
    const auto lock = as_beginning([&] { return find_lock(parts, cluster); });
    if (lock) {
        throw Error(
            ExitCode::blocked,
            "not started: " + engine::to_text(*lock),
            "`deployctl env unlock ENV --reason TEXT` takes it away; nothing was changed"
        );
    }
}

std::optional<engine::EnvironmentLock> find_lock(Session& session, const std::string& environment) {
    return find_lock(session.parts, locate_in(session, environment).cluster);
}

engine::EnvironmentLock put_lock(Session& session, const LockOrder& order) {
    auto& parts = session.parts;
    const auto place = locate_in(session, order.environment).cluster;
    const engine::EnvironmentLock wanted{
        order.environment, order.by, order.reason, parts.clock().now()
    };
    const auto answer = wait_for(
        parts, engine::lock_environment(&parts.cluster(place), place.kube_namespace, wanted)
    );
    if (!answer.is_mine) {
        throw Error(
            ExitCode::blocked,
            engine::to_text(answer.lock),
            "`deployctl env unlock " + order.environment + " --reason TEXT` takes it away"
        );
    }
    note(session, "env.lock", order, value_of(answer.lock));
    return answer.lock;
}

void take_lock_away(Session& session, const LockOrder& order, const engine::EnvironmentLock& seen) {
    auto& parts = session.parts;
    const auto place = locate_in(session, order.environment).cluster;
    const bool is_gone = wait_for(
        parts, engine::unlock_environment(&parts.cluster(place), place.kube_namespace, seen)
    );
    if (!is_gone) {
        throw Error(
            ExitCode::blocked,
            "the lock of " + order.environment + " is another one by now",
            "`deployctl env list --live` shows whose"
        );
    }
    note(session, "env.unlock", order, value_of(seen));
}

}  // namespace deployctl::cli
