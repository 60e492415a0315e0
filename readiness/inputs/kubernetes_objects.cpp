// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/kubernetes_objects.hpp"

#include <algorithm>

namespace deployctl::readiness {

namespace {

using documents::Node;

constexpr int deepest_list = 8;

/// What other groups have kinds of the same name of.
constexpr std::array<std::string_view, 14> well_known = {
    "Service",
    "Ingress",
    "NetworkPolicy",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "Job",
    "CronJob",
    "Pod",
    "ConfigMap",
    "Role",
    "ClusterRole",
    "StorageClass",
    "Namespace",
};
constexpr std::array<std::string_view, 7> makers = {
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "Job",
    "Pod",
};

bool contains(const auto& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view group_of(std::string_view version) {
    const auto slash = version.find('/');
    return slash == version.npos ? std::string_view() : version.substr(0, slash);
}

/// Of Kubernetes itself.
bool is_own_group(std::string_view group) {
    return group.find('.') == group.npos || group.ends_with(".k8s.io");
}

void collect(const Node& node, int depth, std::vector<const Node*>& found) {
    if (!is_object(node)) {
        return;
    }
    const auto& items = node.at("items");
    if (!node.text_at("kind").ends_with("List") || !items.is_list()) {
        found.push_back(&node);
        return;
    }
    if (depth < deepest_list) {
        for (const auto& item : items.items) {
            collect(item, depth + 1, found);
        }
    }
}

}  // namespace

bool is_object(const Node& node) {
    const auto version = node.text_at("apiVersion");
    const auto kind = node.text_at("kind");
    const bool is_of_client = version == "v1" && kind == "Config";
    return node.is_map() && !version.empty() && !kind.empty() && !is_of_client &&
           group_of(version) != "kustomize.config.k8s.io";
}

std::vector<const Node*> objects_of(const Node& root) {
    std::vector<const Node*> found;
    collect(root, 0, found);
    return found;
}

std::string subject_kind(const Node& object) {
    const auto kind = object.text_at("kind");
    const auto group = group_of(object.text_at("apiVersion"));
    if (is_own_group(group) || !contains(well_known, kind)) {
        return std::string(kind);
    }
    return std::string(kind) + "." + std::string(group);
}

const Node& pod_template(const Node& object) {
    static const Node none;
    const auto kind = object.text_at("kind");
    const bool own = is_own_group(group_of(object.text_at("apiVersion")));
    if (own && kind == "Pod") {
        return object;
    }
    if (own && kind == "CronJob") {
        return object.at("spec/jobTemplate/spec/template");
    }
    const auto& found = object.at(kind == "PodTemplate" ? "template" : "spec/template");
    const bool makes_pods = own && contains(makers, kind);
    return makes_pods || found.at("spec/containers").is_list() ? found : none;
}

bool is_maker(std::string_view kind) {
    return kind == "CronJob" || contains(makers, kind);
}

std::string_view namespace_of(const Node& object) {
    return object.text_at("metadata/namespace", "default");
}

std::string_view name_of(const Node& object) {
    return object.text_at("metadata/name", object.text_at("metadata/generateName"));
}

std::span<const Subject* const> all_in(
    std::string_view kind, std::string_view kube_namespace, const Scope& scope, const Facts& facts
) {
    const auto all = facts.of(kind, scope);
    const auto where = [](const Subject* one) { return namespace_of(object_of(*one)); };
    const auto found = std::ranges::equal_range(all, kube_namespace, {}, where);
    return {found.begin(), found.end()};
}

const Subject* named(
    std::string_view kind, const ObjectName& name, const Scope& scope, const Facts& facts
) {
    const auto all = facts.of(kind, scope);
    const auto name_of_one = [](const Subject* one) {
        return ObjectName{namespace_of(*one->node), name_of(*one->node)};
    };
    const auto found = std::ranges::lower_bound(all, name, {}, name_of_one);
    return found != all.end() && name_of_one(*found) == name ? *found : nullptr;
}

const Node& object_of(const Subject& subject) {
    const auto* const workload = subject.nearest("workload");
    return workload == nullptr ? *subject.node : *workload->node;
}

const Node& account_of(const Node& pod) {
    const auto& name = pod.at("serviceAccountName");
    const bool is_named = name.is_unknown() || !name.text.empty();
    return is_named ? name : pod.at("serviceAccount");
}

const Node& pod_metadata(const Subject& subject) {
    return pod_template(object_of(subject)).at("metadata");
}

}  // namespace deployctl::readiness
