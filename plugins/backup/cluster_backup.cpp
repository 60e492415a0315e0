// SPDX-License-Identifier: Apache-2.0
#include "plugins/backup/cluster_backup.hpp"

#include "model/error.hpp"
#include "plugins/backup/cluster_objects.hpp"

namespace deployctl::plugins::backup {

namespace {

constexpr Duration between_looks = seconds(1);
constexpr int most_tries = 5;

Taken not_taken(std::string why) {
    Taken taken;
    taken.failure = std::move(why);
    return taken;
}

Held held_of(const ObjectRef& ref, const Value& object, std::int64_t bytes) {
    Held held;
    held.kind = ref.kind == Kind::other ? ref.other.name : info(ref.kind).name;
    held.kube_namespace = ref.kube_namespace;
    held.name = ref.name;
    held.uid = object.text("/metadata/uid");
    held.bytes = bytes;
    return held;
}

std::string refused(const ObjectRef& ref, const WriteReply& reply) {
    const auto* hint =
        reply.answer == WriteAnswer::not_found ? "; are its kind, and the namespace, there?" : "";
    return to_text(ref) + " cannot be made in " + ref.kube_namespace + ": " +
           to_text(reply.answer) + ", " + reply.message + hint;
}

}  // namespace

/// A question without an answer is asked again until the time is over.
Task<std::optional<Value>> ClusterBackup::read(ObjectRef ref, BootTime until) {
    for (;;) {
        try {
            auto object = co_await cluster_.get(ref);
            co_return object;
        } catch (const Error& error) {
            if (error.exit() != ExitCode::stopped_watching || clock_.boot_time() >= until) {
                throw;
            }
        }
        co_await clock_.sleep(between_looks);
    }
}

Task<Taken> ClusterBackup::take(ClusterOrder order) {
    const auto until = clock_.boot_time() + order.settings.timeout;
    const auto* const settings = &order.settings;
    const auto ref = ref_of(order);
    Value object;
    if (order.settings.volume_snapshot) {
        object = snapshot_of(order);
    } else {
        const auto source = cron_job_of(order);
        if (!is_plain_name(source.name)) {
            co_return not_taken("`" + source.name + "` cannot be the name of a CronJob");
        }
        const auto cron_job = co_await read(source, until);
        if (!cron_job) {
            co_return not_taken("there is no " + to_text(source) + " in " + order.kube_namespace);
        }
        object = job_of(order, *cron_job);
    }
    const auto failure = co_await create(ref, object, until);
    if (!failure.empty()) {
        co_return not_taken(failure);
    }
    auto taken = co_await await_end(ref, settings, until);
    if (!taken.failure.empty() && order.settings.volume_snapshot && !taken.held.uid.empty()) {
        const auto uid = taken.held.uid;
        const auto left = co_await remove_seen(ref, uid);
        taken.failure += left.empty() ? "; it was removed again" : "; " + left;
    }
    co_return taken;
}

/// The name is of this attempt alone: what is there already is what an answer got lost of.
Task<std::string> ClusterBackup::create(ObjectRef ref, Value object, BootTime until) {
    for (;;) {
        const auto reply = co_await cluster_.create(ref, object);
        switch (reply.answer) {
            case WriteAnswer::done:
            case WriteAnswer::conflict: co_return "";
            case WriteAnswer::throttled:
            case WriteAnswer::unknown: break;
            case WriteAnswer::not_found:
            case WriteAnswer::forbidden:
            case WriteAnswer::invalid: co_return refused(ref, reply);
        }
        if (clock_.boot_time() >= until) {
            co_return refused(ref, reply);
        }
        co_await clock_.sleep(between_looks);
    }
}

Task<Taken> ClusterBackup::await_end(
    ObjectRef ref, const DatabaseSettings* settings, BootTime until
) {
    for (;;) {
        const auto object = co_await read(ref, until);
        if (!object) {
            co_return not_taken(to_text(ref) + " was deleted before it was done");
        }
        const auto progress = progress_of(*object, *settings);
        Taken taken;
        taken.held = held_of(ref, *object, progress.bytes);
        if (progress.kind == Progress::Kind::done) {
            taken.object = *object;
            taken.object.erase("/metadata/managedFields");
            const auto identity = co_await cluster_.identify();
            taken.held.cluster_uid = identity.uid;
            co_return taken;
        }
        if (progress.kind == Progress::Kind::failed) {
            taken.failure = to_text(ref) + ": " + progress.detail;
            co_return taken;
        }
        if (clock_.boot_time() >= until) {
            taken.failure = to_text(ref) + " is not done after " + to_text(settings->timeout) +
                            ": " + progress.detail;
            co_return taken;
        }
        co_await clock_.sleep(between_looks);
    }
}

Task<std::string> ClusterBackup::remove(Held held) {
    const auto ref = ref_of(held);
    if (ref.kind != Kind::other) {
        co_return "";
    }
    const auto identity = co_await cluster_.identify();
    if (identity.uid != held.cluster_uid) {
        co_return to_text(ref) + " is in another cluster than this one: nothing was removed";
    }
    auto failure = co_await remove_seen(ref, held.uid);
    co_return failure;
}

/// Another object of that name, or one that has lost our labels, is not ours to remove.
Task<std::string> ClusterBackup::remove_seen(ObjectRef ref, std::string uid) {
    std::string last;
    for (int tries = 0; tries < most_tries; ++tries) {
        const auto object = co_await cluster_.get(ref);
        if (!object || object->has("/metadata/deletionTimestamp")) {
            co_return "";
        }
        if (object->text("/metadata/uid") != uid || !is_ours(*object)) {
            co_return to_text(ref) + " is not the one that was made here: it stays";
        }
        const auto version = object->text("/metadata/resourceVersion");
        const auto reply = co_await cluster_.remove(ref, uid, version);
        if (reply.answer == WriteAnswer::done || reply.answer == WriteAnswer::not_found) {
            co_return "";
        }
        last = std::string(to_text(reply.answer)) + ", " + reply.message;
        co_await clock_.sleep(between_looks);
    }
    co_return to_text(ref) + " cannot be removed: " + last;
}

}  // namespace deployctl::plugins::backup
