// SPDX-License-Identifier: Apache-2.0
// What `deploy.yaml` says, as values: config/ reads it into these, strategies and the engine use
// them, and a plan freezes the part it needs. Values; any thread. Every default stands here and
// nowhere else.
#pragma once

#include "model/approval.hpp"
#include "model/backup.hpp"
#include "model/gates.hpp"
#include "model/infrastructure.hpp"
#include "model/metrics.hpp"
#include "model/promotion.hpp"
#include "model/tasks.hpp"
#include "model/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

enum class StrategyKind { rolling, blue_green, canary };
enum class OnFailure { rollback, hold };
enum class OnInterrupt { hold, shift, rollback };
enum class DigestPolicy { require, prefer, off };
enum class WeightErrorPolicy { warn, refuse };
/// What a canary is compared with: the pods that serve beside it, or some of the old version that
/// are started with it, so that neither side is warmer than the other.
enum class CanaryBaseline { stable, fresh };

const char* to_text(StrategyKind kind);
const char* to_text(OnFailure policy);
const char* to_text(OnInterrupt policy);
const char* to_text(DigestPolicy policy);
const char* to_text(WeightErrorPolicy policy);
const char* to_text(CanaryBaseline baseline);
std::optional<StrategyKind> read_strategy(std::string_view text);
std::optional<OnFailure> read_on_failure(std::string_view text);
std::optional<OnInterrupt> read_on_interrupt(std::string_view text);
std::optional<DigestPolicy> read_digest_policy(std::string_view text);
std::optional<WeightErrorPolicy> read_weight_error_policy(std::string_view text);
std::optional<CanaryBaseline> read_canary_baseline(std::string_view text);

struct WorkloadSettings {
    std::string kind = "Deployment";
    std::string name;
    std::string container;  ///< empty: the only one, or the one named like the workload

    friend bool operator==(const WorkloadSettings&, const WorkloadSettings&) = default;
};

/// The name of the gate that `app.version_probe` makes.
inline constexpr std::string_view version_gate = "version";

/// Where a running pod says which version it is: `jsonpath` is a dotted path into the answer,
/// "$.version".
struct VersionProbe {
    int port = 0;
    std::string path = "/version";
    std::string jsonpath = "$.version";

    friend bool operator==(const VersionProbe&, const VersionProbe&) = default;
};

/// What of the manifests a release brings out: the workload's pod template alone, or every object.
enum class ManifestScope { pod_template, all };

const char* to_text(ManifestScope scope);
std::optional<ManifestScope> read_manifest_scope(std::string_view text);

/// Where the rest of the objects comes from; at most one place is set.
struct ManifestSource {
    std::string kustomize;
    std::string dir;
    ManifestScope apply = ManifestScope::pod_template;

    friend bool operator==(const ManifestSource&, const ManifestSource&) = default;
};

/// What else goes back together with the image: names of ConfigMaps and Secrets, which the pods of
/// a version read as they were when it came out.
struct ConfigObjects {
    std::vector<std::string> config_maps;
    std::vector<std::string> secrets;

    friend bool operator==(const ConfigObjects&, const ConfigObjects&) = default;
};

struct AppSettings {
    std::string name;
    std::string image;  ///< without a tag
    DigestPolicy digest = DigestPolicy::prefer;
    WorkloadSettings workload;
    ManifestSource manifests;
    ConfigObjects config_objects;
    std::optional<VersionProbe> version_probe;
    std::string runbook;
    std::vector<std::string> owners;

    friend bool operator==(const AppSettings&, const AppSettings&) = default;
};

struct Timeouts {
    Duration first_ready = minutes(5);  ///< without any best-ever progress for so long: failed
    Duration step = minutes(20);
    Duration rollout = minutes(120);
    Duration request = seconds(10);  ///< one call of the API server

    friend bool operator==(const Timeouts&, const Timeouts&) = default;
};

struct EvidenceSettings {
    int log_lines = 40;
    int events = 20;
    bool previous_container = true;

    friend bool operator==(const EvidenceSettings&, const EvidenceSettings&) = default;
};

/// How sure we want to be before a pod's trouble counts as the version's.
struct ConfirmWindows {
    Duration crash = seconds(10);
    Duration unschedulable = seconds(30);
    Duration unready = seconds(10);  ///< was ready, and is not any more

    friend bool operator==(const ConfirmWindows&, const ConfirmWindows&) = default;
};

struct RollingSettings {
    std::vector<int> batches;  ///< percent of the pods; empty: the controller rolls in one go
    Duration batch_pause{};
    Duration bake{};  ///< all pods new, before the gates pass
    std::vector<std::string> gates;

    friend bool operator==(const RollingSettings&, const RollingSettings&) = default;
};

struct BlueGreenSettings {
    std::vector<std::string> active_services;  ///< empty: every Service that selects the workload
    std::string preview_service;               ///< empty: "<service>-preview" is made
    Duration warm_up{};
    Duration keep_old{};
    std::vector<std::string> gates;
    std::string approval;  ///< before it switches; empty: none

    friend bool operator==(const BlueGreenSettings&, const BlueGreenSettings&) = default;
};

/// Another share of the traffic, or people who have to approve what is there first.
struct CanaryStep {
    int weight = 0;  ///< percent, 1..100; 0 where it is an approval
    Duration hold{};
    std::string approval = {};                                  ///< its name
    std::optional<std::vector<std::string>> environments = {};  ///< that have the step; none: all

    friend bool operator==(const CanaryStep&, const CanaryStep&) = default;
};

struct CanarySettings {
    std::vector<CanaryStep> steps = {{10, seconds(60)}, {50, seconds(60)}};
    int max_weight_error = 25;  ///< percentage points between asked and achieved
    WeightErrorPolicy on_weight_error = WeightErrorPolicy::warn;
    Duration keep_old{};
    bool early = false;  ///< a hold ends once its sequential gates have proven the version good
    std::vector<std::string> gates;
    CanaryBaseline baseline = CanaryBaseline::stable;

    friend bool operator==(const CanarySettings&, const CanarySettings&) = default;
};

/// What a strategy may need on top, whichever it is.
struct StrategySettings {
    RollingSettings rolling;
    BlueGreenSettings blue_green;
    CanarySettings canary;

    friend bool operator==(const StrategySettings&, const StrategySettings&) = default;
};

struct Environment {
    std::string name;
    std::string context;  ///< empty: the current one of the kubeconfig
    std::string kube_namespace;
    std::optional<StrategyKind> strategy;
    std::optional<std::vector<std::string>> gates;      ///< replaces the strategy's own
    std::optional<std::vector<std::string>> preflight;  ///< gates, before anything is changed
    std::string approval;                               ///< before anything is changed; empty: none
    std::optional<OnFailure> on_failure;
    bool is_protected = false;
    std::optional<int> replicas;      ///< of the workload there; none: as it is
    WaveSettings waves;               ///< without clusters it has one, `context`
    std::string follows;              ///< another environment, whose version it is kept at
    std::optional<Duration> max_lag;  ///< behind that one; none: any

    friend bool operator==(const Environment&, const Environment&) = default;
};

/// Closed again and again (`cron` and `length`), or once (`from` and `to`).
struct FreezeWindow {
    std::string name;
    std::vector<std::string> environments;  ///< empty: all
    std::string cron;                       ///< "0 17 * * 5"
    std::optional<Duration> length;
    std::string from;  ///< local, "2026-12-18T00:00"
    std::string to;

    friend bool operator==(const FreezeWindow&, const FreezeWindow&) = default;
};

/// What it takes to bring a version out in a freeze, besides a reason.
struct FreezeOverride {
    /// Who may, those of the roles among them; none: whoever may roll out.
    std::vector<std::string> people;
    std::string approval;  ///< before anything is changed; empty: none
    std::vector<std::string> roles = {};

    friend bool operator==(const FreezeOverride&, const FreezeOverride&) = default;
};

/// Times without rollouts, on the clocks of one time zone.
struct FreezeSettings {
    std::string timezone = "UTC";  ///< its IANA name
    std::vector<FreezeWindow> windows;
    FreezeOverride in_emergency;

    friend bool operator==(const FreezeSettings&, const FreezeSettings&) = default;
};

struct Configuration {
    AppSettings app;
    Timeouts timeouts;
    ConfirmWindows confirm;
    Duration drain = seconds(5);
    OnFailure on_failure = OnFailure::rollback;
    OnInterrupt on_interrupt = OnInterrupt::shift;
    EvidenceSettings evidence;
    GatesByName gates;
    RolesByName roles;
    ApprovalsByName approvals;
    StrategySettings strategies;
    std::optional<MetricsSource> prometheus;
    std::optional<MetricsSource> metrics_program;  ///< instead of the other
    std::map<std::string, std::string> queries;    ///< PromQL by name
    InfraSettings infra;
    BackupSettings backup;
    Hooks hooks;
    FreezeSettings freeze;
    std::map<std::string, Environment> environments;
    PromotionSettings promotion;
    std::optional<GroupSettings> group;
    std::optional<DisasterSettings> disaster;

    friend bool operator==(const Configuration&, const Configuration&) = default;
};

/// The one of its sources that there is.
std::optional<MetricsSource> metrics_source(const Configuration& configuration);

}  // namespace deployctl
