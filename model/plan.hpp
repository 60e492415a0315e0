// SPDX-License-Identifier: Apache-2.0
// What a rollout wants done, as data: printed, stored, compared, resumed. A strategy makes it, the
// engine walks it. Every action says what shall hold ("ensure"), never "+1", so that doing it twice
// is doing it once. Values; any thread.
#pragma once

#include "model/metrics.hpp"
#include "model/settings.hpp"
#include "model/tasks.hpp"
#include "model/value.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace deployctl {

/// The workloads: the user's own, the one made beside it, and, where a canary is compared with pods
/// as young as its own, the old version started with it.
enum class Slot { stable, candidate, baseline };
/// What stable ran before, and what shall run.
enum class Version { previous, next };
/// Whom a Service selects: as its owner wrote it, or stable's or the candidate's pods alone.
enum class Pointing { original, stable, candidate };
enum class Direction { forward, back };

const char* to_text(Slot slot);
const char* to_text(Version version);
const char* to_text(Pointing pointing);
const char* to_text(Direction direction);

/// Writes plan and snapshot to the cluster, before anything else is changed.
struct RecordSnapshot {};

/// Stable's autoscaler leaves it alone: min = max = `replicas`, or as many as the candidate that it
/// has followed has by then; a ScaledObject of KEDA is paused there instead.
struct HoldAutoscaler {
    std::string name;
    int replicas = 0;
};

/// It sizes the candidate, which carries the traffic, from `replicas` upwards.
struct MoveAutoscaler {
    std::string name;
    int replicas = 0;
};

/// The autoscaler's own limits again, to the byte.
struct ReleaseAutoscaler {
    std::string name;
};

/// The candidate exists with the next version's template and no pods.
struct CreateCandidate {};

/// A Service that selects the candidate alone, with the ports of `like`.
struct CreatePreviewService {
    std::string name;
    std::string like;
};

struct PointService {
    std::string service;
    Pointing to{};
};

struct Scale {
    Slot slot{};
    int replicas = 0;
};

/// Stable's pod template and, where `replicas` is set, its size, in one write.
struct WriteTemplate {
    Version version{};
    std::optional<int> replicas = std::nullopt;
};

/// That many pods of the slot's present template are ready and no others are left; all that the
/// workload asks for where `replicas` is not set.
struct AwaitReady {
    Slot slot{};
    std::optional<int> replicas = std::nullopt;
};

/// A canary weight as asked and as whole pods can give it.
struct WeightRow {
    int asked = 0;        ///< percent
    double achieved = 0;  ///< percent
    int stable = 0;       ///< pods
    int candidate = 0;
    int baseline = 0;  ///< on top of stable's
};

/// Both sides have their sizes, and the Services' endpoints show it.
struct AwaitWeight {
    WeightRow weight;
};

/// The Service's endpoints are ready pods of that side and nothing else.
struct AwaitEndpoints {
    std::string service;
    Pointing to{};
};

/// Stays as it is for so long, background gates watching; `early` ends it once they have proven the
/// version good.
struct Hold {
    Duration duration{};
    bool early = false;
};

/// Each gate passes once.
struct PassGates {
    std::vector<std::string> gates;
};

/// So many people have approved it, and nobody has denied it.
struct AwaitApproval {
    std::string name;
};

/// Connections that were open when endpoints changed get this long to end.
struct Drain {
    Duration duration{};
};

/// No pods, kept as a tombstone.
struct RetireCandidate {};

/// The same as of the candidate, with the previous version's template.
struct CreateBaseline {};

struct RetireBaseline {};

/// Stable runs `version` at full size, Services and autoscalers are their owners' again.
struct VerifyOutcome {
    Version version{};
};

/// One of the plan's tasks has been done.
struct RunTask {
    std::string task;
};

/// The next version's ConfigMaps and Secrets exist under names of their own.
struct CopyConfig {};

/// An object of the manifests is as they say.
struct ApplyObject {
    std::string object;  ///< "ConfigMap/web", one of the plan's
};

/// An object that the next version's manifests have no more is gone.
struct RemoveObject {
    std::string object;
};

/// An object that was applied is as the snapshot has it, or gone where it has none.
struct RestoreObject {
    std::string object;
};

using Action = std::variant<
    RecordSnapshot,
    HoldAutoscaler,
    ReleaseAutoscaler,
    CreateCandidate,
    CreatePreviewService,
    PointService,
    Scale,
    WriteTemplate,
    AwaitReady,
    AwaitWeight,
    AwaitEndpoints,
    Hold,
    PassGates,
    AwaitApproval,
    Drain,
    RetireCandidate,
    VerifyOutcome,
    CreateBaseline,
    RetireBaseline,
    RunTask,
    CopyConfig,
    ApplyObject,
    RemoveObject,
    RestoreObject,
    MoveAutoscaler>;

struct Step {
    std::string stage;  ///< what people see it as part of: "25%", "fold", "verify"
    Action action;
    std::vector<std::string> gates;  ///< watched in the background while the step runs
};

/// "scale candidate to 2": the line that plan, journal and tests show.
std::string to_text(const Action& action);

/// What a strategy needs to know of the cluster; taken from one look.
struct Scene {
    std::string workload;
    int replicas = 1;
    int max_surge = 1;
    int max_unavailable = 0;
    std::vector<std::string> services;  ///< that select the workload's pods
    std::optional<std::string> autoscaler;
    Duration drain = seconds(5);
    bool is_kedas = false;  ///< the autoscaler is a ScaledObject
};

/// What a strategy makes of it.
struct Course {
    std::vector<Step> steps;
    std::vector<WeightRow> weights;
    std::vector<std::string> notes;     ///< what the user should know before it starts
    std::vector<std::string> refusals;  ///< why it must not start
};

/// The steps one a line, with their stage and gates: what tests compare whole.
std::string to_text(const std::vector<Step>& steps);

/// What rollback restores: the objects as they were before the first write.
struct Snapshot {
    Value workload;
    std::vector<Value> services;
    std::vector<Value> autoscalers;
    std::vector<Value> others;  ///< that the release changes or removes
};

/// The version that shall run.
struct Release {
    std::string tag;
    std::string digest;  ///< empty where it is not pinned
    std::string image;   ///< as it is written into the template
    std::string previous_image;
    Value pod_template;                ///< stable's next `/spec/template`
    std::vector<std::string> changes;  ///< one line each, secrets masked
    std::vector<Value> objects = {};   ///< besides the workload, as the manifests say them
    std::vector<Value> copies = {};    ///< of ConfigMaps and Secrets, without the latter's data
};

/// Where the rollout happens.
struct Target {
    std::string app;
    std::string environment;  ///< empty where none is configured
    std::string kube_namespace;
    std::string cluster_uid;  ///< uid of the namespace kube-system

    friend bool operator==(const Target&, const Target&) = default;
};

/// Frozen by value when a rollout starts; nothing of it is read from deploy.yaml again.
struct Plan {
    int schema = 1;
    Target target;
    StrategyKind strategy{};
    std::string workload;
    std::string candidate;  ///< the name of the second workload
    std::string baseline;   ///< and of the third; empty: there is none
    std::string container;
    Release release;
    Scene scene;
    Snapshot snapshot;
    Course course;
    std::vector<Step> way_back;
    GatesByName gates;
    ApprovalsByName approvals;
    TasksByName tasks;                     ///< that steps of it run
    std::optional<MetricsSource> metrics;  ///< where gates ask
    std::optional<VersionProbe> version_probe;
    Timeouts timeouts;
    ConfirmWindows confirm;
    EvidenceSettings evidence;
    OnFailure on_failure{};
    OnInterrupt on_interrupt{};
};

}  // namespace deployctl
