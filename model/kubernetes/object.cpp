// SPDX-License-Identifier: Apache-2.0
#include "model/kubernetes/object.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace deployctl {

namespace {

constexpr std::array<KindInfo, 21> kinds{{
    {Kind::deployment, "Deployment", "apps/v1", "apps", "deployments"},
    {Kind::replica_set, "ReplicaSet", "apps/v1", "apps", "replicasets"},
    {Kind::stateful_set, "StatefulSet", "apps/v1", "apps", "statefulsets"},
    {Kind::daemon_set, "DaemonSet", "apps/v1", "apps", "daemonsets"},
    {Kind::pod, "Pod", "v1", "", "pods"},
    {Kind::service, "Service", "v1", "", "services"},
    {Kind::endpoint_slice,
     "EndpointSlice",
     "discovery.k8s.io/v1",
     "discovery.k8s.io",
     "endpointslices"},
    {Kind::autoscaler,
     "HorizontalPodAutoscaler",
     "autoscaling/v2",
     "autoscaling",
     "horizontalpodautoscalers"},
    {Kind::disruption_budget, "PodDisruptionBudget", "policy/v1", "policy", "poddisruptionbudgets"},
    {Kind::event, "Event", "v1", "", "events"},
    {Kind::lease, "Lease", "coordination.k8s.io/v1", "coordination.k8s.io", "leases"},
    {Kind::controller_revision, "ControllerRevision", "apps/v1", "apps", "controllerrevisions"},
    {Kind::kube_namespace, "Namespace", "v1", "", "namespaces"},
    {Kind::node, "Node", "v1", "", "nodes"},
    {Kind::resource_quota, "ResourceQuota", "v1", "", "resourcequotas"},
    {Kind::cron_job, "CronJob", "batch/v1", "batch", "cronjobs"},
    {Kind::job, "Job", "batch/v1", "batch", "jobs"},
    {Kind::config_map, "ConfigMap", "v1", "", "configmaps"},
    {Kind::secret, "Secret", "v1", "", "secrets"},
    {Kind::scaled_object, "ScaledObject", "keda.sh/v1alpha1", "keda.sh", "scaledobjects"},
    {Kind::other, "", "", "", ""},
}};

bool is_cluster_wide(Kind kind) {
    return kind == Kind::kube_namespace || kind == Kind::node;
}

}  // namespace

const KindInfo& info(Kind kind) {
    return kinds.at(static_cast<std::size_t>(kind));
}

std::string to_text(const ObjectRef& ref) {
    const auto kind = ref.kind == Kind::other ? ref.other.name : info(ref.kind).name;
    return kind + "/" + ref.name;
}

std::string url_path(const ObjectRef& ref) {
    const auto& kind = info(ref.kind);
    const bool is_other = ref.kind == Kind::other;
    const std::string api_version = is_other ? ref.other.api_version : kind.api_version;
    std::string path = api_version.find('/') == std::string::npos ? "/api/" : "/apis/";
    path += api_version;
    if (!is_cluster_wide(ref.kind) && !ref.kube_namespace.empty()) {
        path += "/namespaces/" + ref.kube_namespace;
    }
    path += "/" + (is_other ? ref.other.plural : kind.plural);
    return ref.name.empty() ? path : path + "/" + ref.name;
}

std::string annotation_pointer(std::string_view key) {
    return "/metadata/annotations/" + escape_pointer(key);
}

const Value& annotation_of(const Value& object, std::string_view key) {
    static const Value none;
    const auto& annotations = object.members("/metadata/annotations");
    const auto found = annotations.find(key);
    return found == annotations.end() ? none : found->second;
}

std::vector<Condition> read_conditions(const Value& object) {
    const auto& entries = object.items("/status/conditions");
    std::vector<Condition> conditions;
    conditions.reserve(entries.size());
    for (const auto& entry : entries) {
        conditions.push_back(
            {entry.text("/type"),
             entry.text("/status"),
             entry.text("/reason"),
             entry.text("/message")}
        );
    }
    return conditions;
}

const Condition* find_condition(const std::vector<Condition>& conditions, std::string_view type) {
    const auto found = std::ranges::find(conditions, type, &Condition::type);
    return found == conditions.end() ? nullptr : &*found;
}

int resolve_share(const Value& number_or_percent, int total, Rounding rounding) {
    const auto text = number_or_percent.view("");
    if (text.empty() || text.back() != '%') {
        return static_cast<int>(number_or_percent.number(""));
    }
    int percent = 0;
    std::from_chars(text.data(), text.data() + text.size() - 1, percent);
    const int scaled = total * percent;
    return rounding == Rounding::up ? (scaled + 99) / 100 : scaled / 100;
}

}  // namespace deployctl
