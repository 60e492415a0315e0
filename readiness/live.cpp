// SPDX-License-Identifier: Apache-2.0
#include "readiness/live.hpp"

#include "documents/json.hpp"
#include "readiness/recognition.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace deployctl::readiness {

namespace {

constexpr int ok = 200;
constexpr int forbidden = 403;
constexpr int not_found = 404;

constexpr std::array<LiveResource, 22> resources = {{
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
    {"NetworkPolicy", "/apis/networking.k8s.io/v1", "networkpolicies"},
    {"PodDisruptionBudget", "/apis/policy/v1", "poddisruptionbudgets"},
    {"HorizontalPodAutoscaler", "/apis/autoscaling/v2", "horizontalpodautoscalers"},
    {"Role", "/apis/rbac.authorization.k8s.io/v1", "roles"},
    {"RoleBinding", "/apis/rbac.authorization.k8s.io/v1", "rolebindings"},
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

std::string address_of(const LiveResource& resource, const std::string& kube_namespace) {
    std::string address(resource.prefix);
    if (resource.is_namespaced) {
        address += "/namespaces/" + kube_namespace;
    }
    return address + "/" + std::string(resource.plural) + "?limit=5000";
}

AssessedFile live_file(const LiveResource& resource, const ListAnswer& answer) {
    auto file = read(resource, answer);
    file.path = "live/" + std::string(resource.plural);
    file.kind = "kubernetes";
    file.rendering = live_rendering;
    return file;
}

}  // namespace deployctl::readiness
