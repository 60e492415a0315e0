// SPDX-License-Identifier: Apache-2.0
#include "model/kubernetes/workload.hpp"

#include <algorithm>
#include <charconv>

namespace deployctl {

namespace {

std::optional<WallTime> read_time(const Value& object, const Pointer& place) {
    const auto text = object.view(place);
    return text.empty() ? std::nullopt : read_rfc3339(text);
}

ContainerState read_state(const Value& state) {
    ContainerState read;
    if (state.has("/running")) {
        read.phase = ContainerState::Phase::running;
        read.since = read_time(state, "/running/startedAt");
        return read;
    }
    if (state.has("/terminated")) {
        const auto& ended = state.at("/terminated");
        read.phase = ContainerState::Phase::terminated;
        read.reason = ended.text("/reason");
        read.message = ended.text("/message");
        read.exit_code = read_int(ended, "/exitCode");
        read.since = read_time(ended, "/finishedAt");
        return read;
    }
    read.reason = state.text("/waiting/reason");
    read.message = state.text("/waiting/message");
    return read;
}

ContainerStatus read_container(const Value& status, bool is_init) {
    ContainerStatus read;
    read.name = status.text("/name");
    read.image = status.text("/image");
    read.image_id = status.text("/imageID");
    read.is_init = is_init;
    read.ready = status.flag("/ready");
    read.restarts = read_int(status, "/restartCount");
    read.state = read_state(status.at("/state"));
    if (status.has("/lastState/terminated")) {
        read.previous = read_state(status.at("/lastState"));
    }
    return read;
}

std::int64_t read_revision(const Labels& annotations) {
    const auto found = annotations.find("deployment.kubernetes.io/revision");
    std::int64_t revision = 0;
    if (found != annotations.end()) {
        std::from_chars(
            found->second.data(), found->second.data() + found->second.size(), revision
        );
    }
    return revision;
}

std::string label(const Labels& labels, std::string_view key) {
    const auto found = labels.find(key);
    return found == labels.end() ? "" : found->second;
}

}  // namespace

ObjectMeta read_meta(const Value& object) {
    const auto& meta = object.at("/metadata");
    ObjectMeta read;
    read.name = meta.text("/name");
    read.kube_namespace = meta.text("/namespace");
    read.uid = meta.text("/uid");
    read.resource_version = meta.text("/resourceVersion");
    read.generation = meta.number("/generation");
    read.labels = read_labels(meta.at("/labels"));
    read.annotations = read_labels(meta.at("/annotations"));
    for (const auto& owner : meta.items("/ownerReferences")) {
        read.owners.push_back({owner.text("/kind"), owner.text("/name"), owner.text("/uid")});
    }
    read.created = read_time(meta, "/creationTimestamp");
    read.deleted = read_time(meta, "/deletionTimestamp");
    return read;
}

RollingLimits read_rolling_limits(const Value& object) {
    static const Value unless_said = "25%";
    const auto& rolling = object.at("/spec/strategy/rollingUpdate");
    const auto share = [&](const Pointer& place) -> const Value& {
        return rolling.has(place) ? rolling.at(place) : unless_said;
    };
    RollingLimits read;
    read.replicas = read_int(object, "/spec/replicas", 1);
    read.max_surge = resolve_share(share("/maxSurge"), read.replicas, Rounding::up);
    read.max_unavailable = resolve_share(share("/maxUnavailable"), read.replicas, Rounding::down);
    if (read.max_surge == 0 && read.max_unavailable == 0) {
        read.max_unavailable = 1;
    }
    return read;
}

Workload read_workload(const Value& object) {
    Workload read;
    read.meta = read_meta(object);
    const auto& status = object.at("/status");
    read.observed_generation = status.number("/observedGeneration");
    read.status_replicas = read_int(status, "/replicas");
    read.updated = read_int(status, "/updatedReplicas");
    read.ready = read_int(status, "/readyReplicas");
    read.available = read_int(status, "/availableReplicas");
    read.selector = read_labels(object.at("/spec/selector/matchLabels"));
    read.template_labels = read_labels(object.at("/spec/template/metadata/labels"));
    read.recreates = object.view("/spec/strategy/type") == "Recreate";
    const auto limits = read_rolling_limits(object);
    read.replicas = limits.replicas;
    read.max_surge = limits.max_surge;
    read.max_unavailable = limits.max_unavailable;
    read.conditions = read_conditions(object);
    read.body = object;
    return read;
}

ReplicaSet read_replica_set(const Value& object) {
    ReplicaSet read;
    read.meta = read_meta(object);
    read.replicas = read_int(object, "/spec/replicas");
    read.ready = read_int(object, "/status/readyReplicas");
    read.available = read_int(object, "/status/availableReplicas");
    read.revision = read_revision(read.meta.annotations);
    read.hash = label(read.meta.labels, mark::template_hash);
    read.pod_template = object.at("/spec/template");
    read.pod_template.erase("/metadata/labels/pod-template-hash");
    read.conditions = read_conditions(object);
    return read;
}

Pod read_pod(const Value& object) {
    Pod read;
    read.meta = read_meta(object);
    const auto& status = object.at("/status");
    read.phase = status.text("/phase");
    read.reason = status.text("/reason");
    read.message = status.text("/message");
    read.node = object.text("/spec/nodeName");
    read.ip = status.text("/podIP");
    read.hash = label(read.meta.labels, mark::template_hash);
    read.conditions = read_conditions(object);
    const auto* ready = find_condition(read.conditions, "Ready");
    read.ready = ready != nullptr && ready->status == "True";
    for (const auto& container : status.items("/initContainerStatuses")) {
        read.containers.push_back(read_container(container, true));
    }
    for (const auto& container : status.items("/containerStatuses")) {
        read.containers.push_back(read_container(container, false));
    }
    return read;
}

Service read_service(const Value& object) {
    return {
        read_meta(object),
        read_labels(object.at("/spec/selector")),
        object.text("/spec/type", "ClusterIP"),
        object,
    };
}

std::vector<Endpoint> read_endpoints(const Value& slice) {
    std::vector<Endpoint> endpoints;
    const auto service = slice.text("/metadata/labels/kubernetes.io~1service-name");
    for (const auto& entry : slice.items("/endpoints")) {
        if (entry.view("/targetRef/kind") != "Pod") {
            continue;
        }
        const auto& conditions = entry.at("/conditions");
        endpoints.push_back({
            service,
            entry.text("/targetRef/name"),
            entry.text("/targetRef/uid"),
            !conditions.has("/ready") || conditions.flag("/ready"),
            !conditions.has("/serving") || conditions.flag("/serving"),
            conditions.flag("/terminating"),
        });
    }
    return endpoints;
}

Autoscaler read_autoscaler(const Value& object) {
    const auto meta = read_meta(object);
    const bool is_kedas = std::ranges::any_of(meta.owners, [](const OwnerRef& owner) {
        return owner.kind == "ScaledObject";
    });
    return {
        meta,
        object.text("/spec/scaleTargetRef/kind"),
        object.text("/spec/scaleTargetRef/name"),
        is_kedas,
        read_int(object, "/spec/minReplicas", 1),
        read_int(object, "/spec/maxReplicas", 1),
        object,
    };
}

DisruptionBudget read_disruption_budget(const Value& object) {
    return {
        read_meta(object),
        read_labels(object.at("/spec/selector/matchLabels")),
        !object.items("/spec/selector/matchExpressions").empty(),
        object.at("/spec/minAvailable"),
    };
}

Notice read_notice(const Value& object) {
    Notice read;
    read.kind = object.text("/involvedObject/kind");
    read.name = object.text("/involvedObject/name");
    read.reason = object.text("/reason");
    read.message = object.text("/message");
    read.is_warning = object.text("/type") == "Warning";
    read.count = static_cast<int>(object.number("/count", object.number("/series/count", 1)));
    for (const auto* pointer :
         {"/lastTimestamp", "/series/lastObservedTime", "/eventTime", "/firstTimestamp"}) {
        if (!read.last_seen) {
            read.last_seen = read_time(object, pointer);
        }
    }
    return read;
}

}  // namespace deployctl
