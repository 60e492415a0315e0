// SPDX-License-Identifier: Apache-2.0
#include "simcluster/admission.hpp"

#include <array>

namespace deployctl::simcluster {

namespace {

constexpr std::array<Pointer, 7> server_fields{
    "/metadata/name",
    "/metadata/namespace",
    "/metadata/uid",
    "/metadata/generation",
    "/metadata/creationTimestamp",
    "/metadata/resourceVersion",
    "/status",
};

void set_default(Value& object, const Pointer& place, Value value) {
    if (!object.has(place)) {
        object.set(place, std::move(value));
    }
}

void complete_template(Value& object) {
    const std::string spec = "/spec/template/spec";
    set_default(object, spec + "/restartPolicy", "Always");
    set_default(object, spec + "/terminationGracePeriodSeconds", 30);
    set_default(object, spec + "/dnsPolicy", "ClusterFirst");
    for (std::size_t index = 0; index < object.items(spec + "/containers").size(); ++index) {
        const auto container = spec + "/containers/" + std::to_string(index);
        set_default(object, container + "/imagePullPolicy", "IfNotPresent");
        set_default(object, container + "/resources", Value::map());
        for (std::size_t port = 0; port < object.items(container + "/ports").size(); ++port) {
            set_default(object, container + "/ports/" + std::to_string(port) + "/protocol", "TCP");
        }
    }
}

void complete_deployment(Value& object) {
    set_default(object, "/spec/replicas", 1);
    set_default(object, "/spec/revisionHistoryLimit", 10);
    set_default(object, "/spec/progressDeadlineSeconds", 600);
    set_default(object, "/spec/strategy/type", "RollingUpdate");
    if (object.text("/spec/strategy/type") == "RollingUpdate") {
        set_default(object, "/spec/strategy/rollingUpdate/maxSurge", "25%");
        set_default(object, "/spec/strategy/rollingUpdate/maxUnavailable", "25%");
    }
    complete_template(object);
}

std::string quoted(Kind kind, const Value& object) {
    return std::string(info(kind).name) + " \"" + object.text("/metadata/name") + "\" is invalid: ";
}

std::string refusal_of_deployment(const Value& before, const Value& after) {
    const auto selector = read_labels(after.at("/spec/selector/matchLabels"));
    if (!before.is_null() && before.at("/spec/selector") != after.at("/spec/selector")) {
        return "spec.selector: Invalid value: field is immutable";
    }
    if (selector.empty()) {
        return "spec.selector: Required value";
    }
    if (!selects(selector, read_labels(after.at("/spec/template/metadata/labels")))) {
        return "spec.template.metadata.labels: Invalid value: `selector` does not match template "
               "`labels`";
    }
    if (after.number("/spec/replicas", 1) < 0) {
        return "spec.replicas: Invalid value: must be greater than or equal to 0";
    }
    if (after.items("/spec/template/spec/containers").empty()) {
        return "spec.template.spec.containers: Required value";
    }
    return "";
}

}  // namespace

Value with_defaults(Kind kind, Value object) {
    for (const auto* place : {"/metadata/annotations", "/metadata/labels"}) {
        if (object.has(place) && object.members(place).empty()) {
            object.erase(place);
        }
    }
    if (kind == Kind::deployment) {
        complete_deployment(object);
    }
    if (kind == Kind::service) {
        set_default(object, "/spec/type", "ClusterIP");
        set_default(object, "/spec/sessionAffinity", "None");
    }
    if (kind == Kind::autoscaler) {
        set_default(object, "/spec/minReplicas", 1);
    }
    return object;
}

Value with_server_fields(const Value& before, Value after) {
    for (const auto& place : server_fields) {
        if (!before.has(place)) {
            after.erase(place);
        } else if (after.at(place) != before.at(place)) {
            after.set(place, before.at(place));
        }
    }
    return after;
}

namespace {

/// Of a ConfigMap or Secret.
std::string refusal_of_config(const Value& before, const Value& after) {
    const bool is_fixed = before.flag("/immutable");
    for (const auto* part : {"/data", "/binaryData"}) {
        if (is_fixed && before.at(part) != after.at(part)) {
            return std::string(part + 1) +
                   ": Forbidden: field is immutable when `immutable` is set";
        }
    }
    return is_fixed && !after.flag("/immutable")
               ? "immutable: Forbidden: field is immutable when `immutable` is set"
               : "";
}

}  // namespace

std::string refusal_of(Kind kind, const Value& before, const Value& after) {
    std::string why;
    if (kind == Kind::deployment) {
        why = refusal_of_deployment(before, after);
    } else if (kind == Kind::controller_revision && !before.is_null() &&
               before.at("/data") != after.at("/data")) {
        why = "data: Invalid value: field is immutable";
    } else if (kind == Kind::config_map || kind == Kind::secret) {
        why = refusal_of_config(before, after);
    } else if (kind == Kind::service && after.items("/spec/ports").empty()) {
        why = "spec.ports: Required value";
    } else if (kind == Kind::autoscaler &&
               after.number("/spec/maxReplicas") < after.number("/spec/minReplicas")) {
        why = "spec.maxReplicas: Invalid value: must be greater than or equal to `minReplicas`";
    }
    return why.empty() ? why : quoted(kind, after) + why;
}

}  // namespace deployctl::simcluster
