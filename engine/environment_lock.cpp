// SPDX-License-Identifier: Apache-2.0
#include "engine/environment_lock.hpp"

#include "model/error.hpp"

#include <utility>

namespace deployctl::engine {

namespace {

constexpr std::string_view reason_mark = "deployctl.dev/reason";
constexpr std::string_view environment_mark = "deployctl.dev/environment";

EnvironmentLock read_lock(const Value& lease) {
    EnvironmentLock lock;
    lock.environment = annotation_of(lease, environment_mark).text("");
    lock.by = lease.text("/spec/holderIdentity");
    lock.reason = annotation_of(lease, reason_mark).text("");
    const auto since = lease.text("/spec/acquireTime");
    lock.since = read_rfc3339(since).value_or(WallTime());
    lock.uid = lease.text("/metadata/uid");
    lock.resource_version = lease.text("/metadata/resourceVersion");
    return lock;
}

Value make_lease(const ObjectRef& ref, const EnvironmentLock& lock) {
    auto lease = Value::map({
        {"apiVersion", info(Kind::lease).api_version},
        {"kind", info(Kind::lease).name},
        {"metadata", Value::map({{"name", ref.name}, {"namespace", ref.kube_namespace}})},
    });
    lease.set("/spec/holderIdentity", lock.by);
    lease.set("/spec/acquireTime", to_rfc3339(lock.since));
    lease.set(annotation_pointer(reason_mark), lock.reason);
    lease.set(annotation_pointer(environment_mark), lock.environment);
    return lease;
}

/// What the server does not take, or does not answer.
Error no_write(const ObjectRef& ref, const WriteReply& reply, const std::string& verb) {
    const bool is_refused =
        reply.answer == WriteAnswer::forbidden || reply.answer == WriteAnswer::invalid;
    return Error(
        is_refused ? ExitCode::blocked : ExitCode::stopped_watching,
        "the API server did not " + verb + " " + deployctl::to_text(ref) + ": " +
            (reply.message.empty() ? "no answer" : reply.message),
        is_refused ? "it takes the permission to get, create and delete leases "
                     "(coordination.k8s.io) there"
                   : "try again; `deployctl env list --live` shows whether it is there"
    );
}

}  // namespace

ObjectRef environment_lock_ref(const std::string& kube_namespace) {
    return {Kind::lease, kube_namespace, "deployctl.environment-lock"};
}

Task<std::optional<EnvironmentLock>> read_environment_lock(
    Cluster* cluster, std::string kube_namespace
) {
    const auto ref = environment_lock_ref(kube_namespace);
    const auto lease = co_await cluster->get(ref);
    if (!lease) {
        co_return std::nullopt;
    }
    co_return read_lock(*lease);
}

/// A create without an answer is settled by reading: who holds it is the answer.
Task<LockAnswer> lock_environment(
    Cluster* cluster, std::string kube_namespace, EnvironmentLock wanted
) {
    const auto ref = environment_lock_ref(kube_namespace);
    const auto lease = make_lease(ref, wanted);
    const auto reply = co_await cluster->create(ref, lease);
    if (reply.answer == WriteAnswer::done) {
        co_return LockAnswer{true, read_lock(reply.object)};
    }
    const auto standing = co_await read_environment_lock(cluster, kube_namespace);
    if (!standing) {
        throw no_write(ref, reply, "make");
    }
    const bool is_mine = standing->by == wanted.by && standing->reason == wanted.reason &&
                         standing->since == wanted.since;
    co_return LockAnswer{is_mine, *standing};
}

Task<bool> unlock_environment(Cluster* cluster, std::string kube_namespace, EnvironmentLock seen) {
    const auto ref = environment_lock_ref(kube_namespace);
    const auto reply = co_await cluster->remove(ref, seen.uid, seen.resource_version);
    if (reply.answer == WriteAnswer::done || reply.answer == WriteAnswer::not_found) {
        co_return true;
    }
    const auto standing = co_await read_environment_lock(cluster, kube_namespace);
    if (!standing) {
        co_return true;
    }
    if (standing->uid != seen.uid || standing->resource_version != seen.resource_version) {
        co_return false;
    }
    throw no_write(ref, reply, "remove");
}

std::string to_text(const EnvironmentLock& lock) {
    return (lock.environment.empty() ? "the environment" : lock.environment) + " is locked by " +
           (lock.by.empty() ? "somebody" : lock.by) + " since " + to_minute_text(lock.since) +
           " (UTC): " + (lock.reason.empty() ? "no reason is given" : lock.reason);
}

}  // namespace deployctl::engine
