// SPDX-License-Identifier: Apache-2.0
// What deployctl reads of Deployments, ReplicaSets, pods, Services and what hangs on them. Each
// `read_*` is a pure function from the object as the API server gives it; missing fields take the
// API's own defaults.
#pragma once

#include "model/kubernetes/object.hpp"
#include "model/time.hpp"
#include "model/value.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl {

struct OwnerRef {
    std::string kind;
    std::string name;
    std::string uid;
};

struct ObjectMeta {
    std::string name;
    std::string kube_namespace;
    std::string uid;
    std::string resource_version;
    std::int64_t generation = 0;
    Labels labels;
    Labels annotations;
    std::vector<OwnerRef> owners;
    std::optional<WallTime> created;
    std::optional<WallTime> deleted;  ///< being deleted since
};

ObjectMeta read_meta(const Value& object);

/// A Deployment. `body` is the whole object, for patches and copies.
struct Workload {
    ObjectMeta meta;
    int replicas = 1;
    std::int64_t observed_generation = 0;
    int status_replicas = 0;
    int updated = 0;
    int ready = 0;
    int available = 0;
    Labels selector;
    Labels template_labels;
    int max_surge = 1;  ///< resolved against `replicas`
    int max_unavailable = 0;
    bool recreates = false;  ///< strategy Recreate: all old pods go before a new one comes
    std::vector<Condition> conditions;
    Value body;
};

Workload read_workload(const Value& object);

/// How many pods a Deployment may have more, or fewer ready, than wanted while it rolls.
struct RollingLimits {
    int replicas = 1;  ///< wanted; what percents are of
    int max_surge = 1;
    int max_unavailable = 0;
};

RollingLimits read_rolling_limits(const Value& object);

struct ReplicaSet {
    ObjectMeta meta;
    int replicas = 0;
    int ready = 0;
    int available = 0;
    std::int64_t revision = 0;
    std::string hash;    ///< the pod-template-hash that its pods carry
    Value pod_template;  ///< as its Deployment had it: without that label
    std::vector<Condition> conditions;
};

ReplicaSet read_replica_set(const Value& object);

struct ContainerState {
    enum class Phase { waiting, running, terminated };
    Phase phase = Phase::waiting;
    std::string reason;
    std::string message;
    int exit_code = 0;
    std::optional<WallTime> since;  ///< started, or finished where terminated
};

struct ContainerStatus {
    std::string name;
    std::string image;
    std::string image_id;
    bool is_init = false;
    bool ready = false;
    int restarts = 0;
    ContainerState state;
    std::optional<ContainerState> previous;  ///< how it ended the last time
};

struct Pod {
    ObjectMeta meta;
    std::string phase;
    std::string reason;
    std::string message;
    std::string node;
    std::string ip;
    bool ready = false;
    std::string hash;
    std::vector<Condition> conditions;
    std::vector<ContainerStatus> containers;

    bool is_leaving() const { return meta.deleted.has_value(); }
};

Pod read_pod(const Value& object);

struct Service {
    ObjectMeta meta;
    Labels selector;
    std::string type;
    Value body;
};

Service read_service(const Value& object);

/// One pod behind a Service, as an EndpointSlice names it.
struct Endpoint {
    std::string service;
    std::string pod;
    std::string pod_uid;
    bool ready = false;
    bool serving = false;
    bool terminating = false;
};

std::vector<Endpoint> read_endpoints(const Value& slice);

struct Autoscaler {
    ObjectMeta meta;
    std::string target_kind;
    std::string target_name;
    bool is_kedas = false;  ///< made by a KEDA ScaledObject, which would undo our writes
    int min = 1;
    int max = 1;
    Value body;
};

Autoscaler read_autoscaler(const Value& object);

struct DisruptionBudget {
    ObjectMeta meta;
    Labels selector;
    bool has_expressions = false;  ///< the selector says more than `selector`
    Value min_available;
};

DisruptionBudget read_disruption_budget(const Value& object);

/// What a controller or the kubelet said about an object.
struct Notice {
    std::string kind;
    std::string name;
    std::string reason;
    std::string message;
    bool is_warning = false;
    int count = 1;
    std::optional<WallTime> last_seen;
};

Notice read_notice(const Value& object);

}  // namespace deployctl
