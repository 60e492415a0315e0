// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/kubernetes_objects.hpp"

#include "readiness/checks/left_out.hpp"
#include "readiness/inputs/kubernetes_objects.hpp"
#include "readiness/inputs/kubernetes_relations.hpp"
#include "readiness/selectors.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::Node;

constexpr int newest_minor = 35;

/// A version of an API that a minor version of Kubernetes 1 no longer serves.
struct Removed {
    std::string_view version;
    std::string_view kinds;  ///< with a blank after each; empty: all of it
    int since;
    std::string_view instead;
};

constexpr std::array<Removed, 22> removed = {{
    {"extensions/v1beta1", "Ingress ", 22, "networking.k8s.io/v1"},
    {"extensions/v1beta1", "", 16, "apps/v1 or networking.k8s.io/v1"},
    {"apps/v1beta1", "", 16, "apps/v1"},
    {"apps/v1beta2", "", 16, "apps/v1"},
    {"networking.k8s.io/v1beta1", "Ingress IngressClass ", 22, "networking.k8s.io/v1"},
    {"rbac.authorization.k8s.io/v1alpha1", "", 22, "rbac.authorization.k8s.io/v1"},
    {"rbac.authorization.k8s.io/v1beta1", "", 22, "rbac.authorization.k8s.io/v1"},
    {"admissionregistration.k8s.io/v1beta1",
     "MutatingWebhookConfiguration ValidatingWebhookConfiguration ",
     22,
     "admissionregistration.k8s.io/v1"},
    {"apiextensions.k8s.io/v1beta1", "", 22, "apiextensions.k8s.io/v1"},
    {"apiregistration.k8s.io/v1beta1", "", 22, "apiregistration.k8s.io/v1"},
    {"scheduling.k8s.io/v1beta1", "", 22, "scheduling.k8s.io/v1"},
    {"storage.k8s.io/v1beta1",
     "StorageClass CSIDriver CSINode VolumeAttachment ",
     22,
     "storage.k8s.io/v1"},
    {"certificates.k8s.io/v1beta1", "CertificateSigningRequest ", 22, "certificates.k8s.io/v1"},
    {"batch/v1beta1", "", 25, "batch/v1"},
    {"batch/v2alpha1", "", 21, "batch/v1"},
    {"policy/v1beta1", "", 25, "policy/v1, or Pod Security for policies of pods"},
    {"discovery.k8s.io/v1beta1", "", 25, "discovery.k8s.io/v1"},
    {"autoscaling/v2beta1", "", 25, "autoscaling/v2"},
    {"autoscaling/v2beta2", "", 26, "autoscaling/v2"},
    {"flowcontrol.apiserver.k8s.io/v1beta1", "", 26, "flowcontrol.apiserver.k8s.io/v1"},
    {"flowcontrol.apiserver.k8s.io/v1beta2", "", 29, "flowcontrol.apiserver.k8s.io/v1"},
    {"flowcontrol.apiserver.k8s.io/v1beta3", "", 32, "flowcontrol.apiserver.k8s.io/v1"},
}};

/// The minor version in "1.32" or "v1.32.4"; the newest known of anything else.
int minor_version(std::string_view text) {
    const auto dot = text.find('.');
    int minor = newest_minor;
    if (dot != text.npos) {
        std::from_chars(text.data() + dot + 1, text.data() + text.size(), minor);
    }
    return minor;
}

std::optional<Answer> version_is_served(const Subject& object, const Facts& facts) {
    const auto& version = object.node->at("apiVersion");
    const auto kind = std::string(object.node->text_at("kind")) + " ";
    for (const auto& one : removed) {
        const bool is_meant = one.version == version.text &&
                              (one.kinds.empty() || one.kinds.find(kind) != one.kinds.npos);
        if (is_meant) {
            const bool is_gone = minor_version(facts.settings().kubernetes_version) >= one.since;
            return is_gone ? fails_at(
                                 version,
                                 std::string(version.text) + " is gone since Kubernetes 1." +
                                     std::to_string(one.since),
                                 std::string(one.instead)
                             )
                           : holds();
        }
    }
    return holds();
}

/// The selector of a ReplicationController is a plain map; old versions fill in a missing one.
std::optional<Answer> selector_fits_template(const Subject& workload, const Facts& /*facts*/) {
    const auto& object = *workload.node;
    const auto kind = object.text_at("kind");
    const auto& selector = object.at("spec/selector");
    if (kind == "Job" || kind == "CronJob" || kind == "Pod" ||
        !object.at("spec/template").exists()) {
        return std::nullopt;
    }
    const auto& labels = pod_template(object).at("metadata/labels");
    if (!selector.exists()) {
        const bool fills_in = object.text_at("apiVersion") != "apps/v1";
        return fills_in ? holds() : fails_at(object, "there is no selector", "a selector");
    }
    const bool is_map = kind == "ReplicationController" ||
                        !(selector.find("matchLabels") || selector.find("matchExpressions"));
    const bool fits = is_map ? selects_by_labels(selector, labels) : selects(selector, labels);
    return fits ? holds() : fails_at(selector, "it does not select its own pods", "their labels");
}

bool has_selector(const Subject& service) {
    return !service.node->at("spec/selector").entries.empty() &&
           service.node->text_at("spec/type") != "ExternalName";
}

std::optional<Answer> service_selects_pods(const Subject& service, const Facts& facts) {
    if (!has_selector(service)) {
        return std::nullopt;
    }
    if (!facts.related(service, relation::pods).empty()) {
        return holds();
    }
    if (auto unknown = ask_left_out("Service", service, facts)) {
        return unknown;
    }
    return fails_at(service.node->at("spec/selector"), "no pod here has these labels", "one");
}

/// True where a pod opens it, or says nothing of its ports and a number is asked.
bool opens(const Node& pod, std::string_view port) {
    bool says_any = false;
    for (const auto& list : container_lists) {
        for (const auto& container : pod.at(list.key).items) {
            for (const auto& own : container.at("ports").items) {
                says_any = true;
                if (own.text_at("containerPort") == port || own.text_at("name") == port) {
                    return true;
                }
            }
        }
    }
    return !says_any && port.find_first_not_of("0123456789") == port.npos;
}

/// A number may be open without being declared.
Answer not_opened(const Node& target, const std::string& pod) {
    auto answer = fails_at(
        target, "port " + std::string(target.text) + " is none of " + pod, "a port of the pods"
    );
    const bool is_number = target.text.find_first_not_of("0123456789") == target.text.npos;
    answer.confidence = is_number ? Confidence::heuristic : Confidence::certain;
    return answer;
}

std::optional<Answer> service_ports_are_open(const Subject& service, const Facts& facts) {
    const auto pods = facts.related(service, relation::pods);
    auto unknown = ask_left_out("Service", service, facts);
    if (pods.empty()) {
        return unknown;
    }
    for (const auto& port : service.node->at("spec/ports").items) {
        const auto& given = port.at("targetPort");
        const auto& target = given.exists() ? given : port.at("port");
        for (const auto* pod : pods) {
            if (target.exists() && !target.is_unknown() && !opens(*pod->node, target.text)) {
                return not_opened(target, pod->name);
            }
        }
    }
    return unknown ? std::move(unknown) : holds();
}

/// Roles that a cluster has from the beginning.
bool is_built_in(std::string_view role) {
    return role == "cluster-admin" || role == "admin" || role == "edit" || role == "view" ||
           role == "extension-apiserver-authentication-reader" || role.starts_with("system:");
}

std::optional<Answer> bound_role_exists(const Subject& binding, const Facts& facts) {
    const auto& role = binding.node->at("roleRef/name");
    const auto kind = binding.node->text_at("roleRef/kind");
    if (is_built_in(role.text) || (kind != "Role" && kind != "ClusterRole")) {
        return std::nullopt;
    }
    const auto where = kind == "Role" ? namespace_of(*binding.node) : "default";
    if (named(kind, {where, role.text}, *binding.scope, facts) != nullptr) {
        return holds();
    }
    return fails_at(role, std::string(kind) + " " + std::string(role.text) + " is not here", "one");
}

constexpr std::array<NamedCheck, 5> checks = {{
    {"api-version-is-served", version_is_served},
    {"selector-fits-template", selector_fits_template},
    {"service-selects-pods", service_selects_pods},
    {"service-ports-are-open", service_ports_are_open},
    {"bound-role-exists", bound_role_exists},
}};

}  // namespace

std::span<const NamedCheck> kubernetes_object_checks() {
    return checks;
}

}  // namespace deployctl::readiness
