// SPDX-License-Identifier: Apache-2.0
#include "plugins/backup/cluster_objects.hpp"

#include "model/kubernetes/quantity.hpp"
#include "model/text.hpp"
#include "ports/one_line.hpp"

#include <algorithm>

namespace deployctl::plugins::backup {

namespace {

constexpr std::int64_t kept_seconds = 24L * 60 * 60;
constexpr std::size_t longest_name = 63;  // it becomes a label of a Job's pods
constexpr std::size_t id_letters = 8;     // the end of a UUIDv7 is its random part
constexpr std::string_view database_label = "deployctl.dev/backup";
constexpr std::string_view id_annotation = "deployctl.dev/backup-id";
constexpr std::string_view snapshot_kind = "VolumeSnapshot";
constexpr std::string_view is_true = "True";

OtherKind snapshots() {
    return {"snapshot.storage.k8s.io/v1", std::string(snapshot_kind), "volumesnapshots"};
}

/// Fit for an object, whatever the database is called.
std::string name_of(const ClusterOrder& order) {
    std::string name = order.scope.app + "-" + order.scope.database;
    for (auto& letter : name) {
        const bool is_small = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
        const bool is_large = letter >= 'A' && letter <= 'Z';
        letter = is_small ? letter : is_large ? static_cast<char>(letter - 'A' + 'a') : '-';
    }
    name = name.substr(0, longest_name - id_letters - 1);
    const auto end = order.id.substr(order.id.size() - std::min(id_letters, order.id.size()));
    return (name.starts_with('-') ? "b" + name.substr(1) : name) + "-" + end;
}

void mark_as_ours(Value& object, const ClusterOrder& order) {
    object.set("/metadata/labels/" + escape_pointer(mark::app), order.scope.app);
    object.set("/metadata/labels/" + escape_pointer(database_label), order.scope.database);
    object.set(annotation_pointer(id_annotation), order.id);
    object.set("/metadata/name", name_of(order));
    object.set("/metadata/namespace", order.kube_namespace);
}

Progress progress_of_snapshot(const Value& object, const DatabaseSettings& settings) {
    if (!object.flag("/status/readyToUse")) {
        const auto trouble = object.text("/status/error/message");
        return {
            Progress::Kind::under_way, trouble.empty() ? "not ready to use" : one_line(trouble)
        };
    }
    const auto size = read_quantity(object.at("/status/restoreSize"));
    const auto bytes = static_cast<std::int64_t>(size.value_or(0));
    if (bytes < std::max<std::int64_t>(settings.min_bytes, 1)) {
        const auto said = object.has("/status/restoreSize")
                              ? one_line(object.text("/status/restoreSize"))
                              : std::string("nothing");
        return {
            Progress::Kind::failed,
            "it is ready, but says " + said + " for its `restoreSize`; less than " +
                count_of(std::max<std::int64_t>(settings.min_bytes, 1), "byte") +
                " is no backup (min_bytes)"
        };
    }
    return {Progress::Kind::done, "", bytes};
}

Progress progress_of_job(const Value& object) {
    const auto conditions = read_conditions(object);
    const auto* complete = find_condition(conditions, "Complete");
    if (complete != nullptr && complete->status == is_true) {
        return {Progress::Kind::done, ""};
    }
    const auto* failed = find_condition(conditions, "Failed");
    if (failed != nullptr && failed->status == is_true) {
        return {Progress::Kind::failed, one_line(failed->reason + ": " + failed->message)};
    }
    return {Progress::Kind::under_way, "not complete"};
}

}  // namespace

ObjectRef ref_of(const ClusterOrder& order) {
    const auto name = name_of(order);
    return order.settings.volume_snapshot
               ? ObjectRef{Kind::other, order.kube_namespace, name, snapshots()}
               : ObjectRef{Kind::job, order.kube_namespace, name};
}

ObjectRef ref_of(const Held& held) {
    return held.kind == snapshot_kind
               ? ObjectRef{Kind::other, held.kube_namespace, held.name, snapshots()}
               : ObjectRef{Kind::job, held.kube_namespace, held.name};
}

ObjectRef cron_job_of(const ClusterOrder& order) {
    return {Kind::cron_job, order.kube_namespace, order.settings.cron_job};
}

Value snapshot_of(const ClusterOrder& order) {
    const auto kind = snapshots();
    const auto& wanted = order.settings.volume_snapshot.value();
    auto object = Value::map({{"apiVersion", kind.api_version}, {"kind", kind.name}});
    mark_as_ours(object, order);
    object.set("/spec/source/persistentVolumeClaimName", wanted.claim);
    if (!wanted.snapshot_class.empty()) {
        object.set("/spec/volumeSnapshotClassName", wanted.snapshot_class);
    }
    return object;
}

Value job_of(const ClusterOrder& order, const Value& cron_job) {
    auto object = cron_job.at("/spec/jobTemplate");
    object.set("/apiVersion", info(Kind::job).api_version);
    object.set("/kind", info(Kind::job).name);
    object.set(annotation_pointer("cronjob.kubernetes.io/instantiate"), "manual");
    mark_as_ours(object, order);
    if (!object.has("/spec/ttlSecondsAfterFinished")) {
        object.set("/spec/ttlSecondsAfterFinished", kept_seconds);
    }
    if (!object.has("/spec/activeDeadlineSeconds")) {
        const auto most = std::chrono::duration_cast<seconds>(order.settings.timeout).count();
        object.set("/spec/activeDeadlineSeconds", std::max<std::int64_t>(most, 1));
    }
    return object;
}

bool is_ours(const Value& object) {
    return object.has("/metadata/labels/" + escape_pointer(database_label)) &&
           object.has(annotation_pointer(id_annotation));
}

Progress progress_of(const Value& object, const DatabaseSettings& settings) {
    return settings.volume_snapshot ? progress_of_snapshot(object, settings)
                                    : progress_of_job(object);
}

}  // namespace deployctl::plugins::backup
