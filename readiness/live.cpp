// SPDX-License-Identifier: Apache-2.0
#include "readiness/live.hpp"

#include "documents/json.hpp"
#include "readiness/recognition.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace deployctl::readiness {

namespace {

constexpr int ok = 200;
constexpr int forbidden = 403;
constexpr int not_found = 404;

constexpr std::array<LiveResource, 2> of_rights = {{
    {"ClusterRoleBinding", "/apis/rbac.authorization.k8s.io/v1", "clusterrolebindings", false},
    {"ClusterRole", "/apis/rbac.authorization.k8s.io/v1", "clusterroles", false},
}};

constexpr std::array<LiveResource, 25> resources = {{
    {"Deployment", "/apis/apps/v1", "deployments"},
    {"StatefulSet", "/apis/apps/v1", "statefulsets"},
    {"DaemonSet", "/apis/apps/v1", "daemonsets"},
    {"CronJob", "/apis/batch/v1", "cronjobs"},
    {"Job", "/apis/batch/v1", "jobs"},
    {"Pod", "/api/v1", "pods"},
    {"Service", "/api/v1", "services"},
    {"ServiceAccount", "/api/v1", "serviceaccounts"},
    {"ConfigMap", "/api/v1", "configmaps"},
    {"PersistentVolumeClaim", "/api/v1", "persistentvolumeclaims"},
    {"ResourceQuota", "/api/v1", "resourcequotas"},
    {"LimitRange", "/api/v1", "limitranges"},
    {"Ingress", "/apis/networking.k8s.io/v1", "ingresses"},
    {"Gateway", "/apis/gateway.networking.k8s.io/v1", "gateways"},
    {"HTTPRoute", "/apis/gateway.networking.k8s.io/v1", "httproutes"},
    {"NetworkPolicy", "/apis/networking.k8s.io/v1", "networkpolicies"},
    {"PodDisruptionBudget", "/apis/policy/v1", "poddisruptionbudgets"},
    {"HorizontalPodAutoscaler", "/apis/autoscaling/v2", "horizontalpodautoscalers"},
    {"Role", "/apis/rbac.authorization.k8s.io/v1", "roles"},
    {"RoleBinding", "/apis/rbac.authorization.k8s.io/v1", "rolebindings"},
    {"Namespace", "/api/v1", "namespaces", false},
    {"StorageClass", "/apis/storage.k8s.io/v1", "storageclasses", false},
    {"PrometheusRule", "/apis/monitoring.coreos.com/v1", "prometheusrules"},
    {"ServiceMonitor", "/apis/monitoring.coreos.com/v1", "servicemonitors"},
    {"PodMonitor", "/apis/monitoring.coreos.com/v1", "podmonitors"},
}};

bool has_controller(const Value& object) {
    const auto& owners = object.items("/metadata/ownerReferences");
    return std::any_of(owners.begin(), owners.end(), [](const Value& owner) {
        return owner.flag("/controller");
    });
}

/// What every namespace has, and nobody wrote.
bool is_of_cluster(const Value& object) {
    return object.view("/metadata/name") == "kube-root-ca.crt" ||
           (object.view("/kind") == "ServiceAccount" && object.view("/metadata/name") == "default");
}

/// Items of a list do not say what they are.
Value manifests_of(const LiveResource& resource, const Value& list) {
    auto objects = Value::list();
    auto& kept = objects.make_array();
    const auto group = resource.prefix.substr(resource.prefix.starts_with("/apis/") ? 6 : 5);
    for (const auto& item : list.items("/items")) {
        auto object = item;
        object.set("/apiVersion", group);
        object.set("/kind", resource.kind);
        object.erase("/metadata/managedFields");
        object.erase("/status");
        if (!has_controller(object) && !is_of_cluster(object)) {
            kept.push_back(std::move(object));
        }
    }
    return Value::map({{"apiVersion", "v1"}, {"kind", "List"}, {"items", std::move(objects)}});
}

/// Whether the namespace's accounts are meant, one by one or all of them.
bool binds_accounts_of(const Value& binding, const std::string& kube_namespace) {
    const auto& subjects = binding.items("/subjects");
    return std::any_of(subjects.begin(), subjects.end(), [&](const Value& subject) {
        const auto name = subject.view("/name");
        return (subject.view("/kind") == "ServiceAccount" &&
                subject.view("/namespace") == kube_namespace) ||
               name == "system:serviceaccounts" ||
               name == "system:serviceaccounts:" + kube_namespace;
    });
}

/// Made and kept by the API server itself.
bool is_bootstrapped(const Value& object) {
    return object.has("/metadata/labels/kubernetes.io~1bootstrapping");
}

/// The list with only those that are to be kept; what cannot be read stays as it is.
template <class Keep>
ListAnswer only(const ListAnswer& answer, const Keep& keeps) {
    auto list = documents::try_read_json(answer.body);
    if (answer.status != ok || !list || !list->has("/items")) {
        return answer;
    }
    auto kept = Value::list();
    for (const auto& item : list->items("/items")) {
        if (!is_bootstrapped(item) && keeps(item)) {
            kept.make_array().push_back(item);
        }
    }
    list->set("/items", std::move(kept));
    return {answer.status, documents::write_json(*list), answer.failure};
}

AssessedFile unread(const LiveResource& resource, std::string why) {
    // The text says what may be in it, as that of a file which is broken does.
    AssessedFile file;
    file.tree = documents::Tree("kind: " + std::string(resource.kind) + "\n");
    file.trouble.what = std::move(why);
    return file;
}

AssessedFile read(const LiveResource& resource, const ListAnswer& answer) {
    if (answer.status == not_found) {
        return {};
    }
    if (answer.status != ok) {
        const auto why = answer.status == 0 ? answer.failure
                         : answer.status == forbidden
                             ? "nobody has allowed to list them"
                             : "the API server answered " + std::to_string(answer.status);
        return unread(resource, std::string(resource.plural) + ": " + why);
    }
    const auto list = documents::try_read_json(answer.body);
    if (!list) {
        return unread(resource, std::string(resource.plural) + ": the answer is no JSON");
    }
    if (!list->view("/metadata/continue").empty()) {
        return unread(resource, std::string(resource.plural) + ": there are more than 5,000");
    }
    return read_file("live.json", documents::write_json_indented(manifests_of(resource, *list)));
}

}  // namespace

std::span<const LiveResource> live_resources() {
    return resources;
}

std::span<const LiveResource, 2> rights_resources() {
    return of_rights;
}

std::vector<AssessedFile> live_rights(
    const ClusterRights& rights, const std::string& kube_namespace
) {
    std::set<std::string, std::less<>> bound;
    const auto bindings = only(rights.bindings, [&](const Value& binding) {
        const bool is_bound = binds_accounts_of(binding, kube_namespace);
        if (is_bound) {
            bound.insert(binding.text("/roleRef/name"));
        }
        return is_bound;
    });
    const auto roles = only(rights.roles, [&](const Value& role) {
        return bound.contains(role.view("/metadata/name"));
    });
    std::vector<AssessedFile> files;
    files.push_back(live_file(of_rights[0], bindings));
    files.push_back(live_file(of_rights[1], roles));
    return files;
}

bool is_of_whole_cluster(const AssessedFile& file) {
    const auto is_its = [&](const LiveResource& resource) {
        return !resource.is_namespaced && file.path == "live/" + std::string(resource.plural);
    };
    return file.rendering == live_rendering &&
           (std::ranges::any_of(resources, is_its) || std::ranges::any_of(of_rights, is_its));
}

std::string address_of(const LiveResource& resource, const std::string& kube_namespace) {
    std::string address(resource.prefix);
    if (resource.is_namespaced) {
        address += "/namespaces/" + kube_namespace;
    }
    constexpr std::string_view namespaces = "namespaces";
    address += "/" + std::string(resource.plural) + "?limit=5000";
    if (resource.plural == namespaces) {
        address += "&fieldSelector=metadata.name%3D" + kube_namespace;
    }
    return address;
}

AssessedFile live_file(const LiveResource& resource, const ListAnswer& answer) {
    auto file = read(resource, answer);
    file.path = "live/" + std::string(resource.plural);
    file.kind = "kubernetes";
    file.rendering = live_rendering;
    return file;
}

}  // namespace deployctl::readiness
