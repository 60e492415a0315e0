// SPDX-License-Identifier: Apache-2.0
#include "simcluster/builders.hpp"

#include "model/kubernetes/object.hpp"

namespace deployctl::simcluster {

namespace {

Value bare(Kind kind, const std::string& name) {
    return Value::map({
        {"apiVersion", info(kind).api_version},
        {"kind", info(kind).name},
        {"metadata", Value::map({{"name", name}, {"namespace", "shop"}})},
    });
}

}  // namespace

DeploymentBuilder::DeploymentBuilder(const std::string& name) {
    object_ = bare(Kind::deployment, name);
    const auto labels = Value::map({{"app", name}});
    object_.set("/metadata/labels", labels);
    object_.set("/spec/replicas", 3);
    object_.set("/spec/selector/matchLabels", labels);
    object_.set("/spec/template/metadata/labels", labels);
    object_.set(
        "/spec/template/spec/containers",
        Value::list({Value::map({
            {"name", name},
            {"image", "registry/shop/" + name + ":v1"},
            {"ports", Value::list({Value::map({{"containerPort", 8080}})})},
        })})
    );
    surge(1);
    unavailable(0);
}

DeploymentBuilder& DeploymentBuilder::surge(Value number_or_percent) {
    return set("/spec/strategy/rollingUpdate/maxSurge", std::move(number_or_percent));
}

DeploymentBuilder& DeploymentBuilder::unavailable(Value number_or_percent) {
    return set("/spec/strategy/rollingUpdate/maxUnavailable", std::move(number_or_percent));
}

DeploymentBuilder& DeploymentBuilder::recreate() {
    return set("/spec/strategy", Value::map({{"type", "Recreate"}}));
}

DeploymentBuilder& DeploymentBuilder::label(const std::string& key, const std::string& value) {
    set("/spec/selector/matchLabels/" + escape_pointer(key), value);
    return set("/spec/template/metadata/labels/" + escape_pointer(key), value);
}

DeploymentBuilder& DeploymentBuilder::annotation(const std::string& key, const std::string& value) {
    return set(annotation_pointer(key), value);
}

DeploymentBuilder& DeploymentBuilder::environment(
    const std::string& name, const std::string& value
) {
    auto entries = object_.items(container_ + "/env");
    entries.push_back(Value::map({{"name", name}, {"value", value}}));
    return set(container_ + "/env", std::move(entries));
}

DeploymentBuilder& DeploymentBuilder::set(const std::string& pointer, Value value) {
    object_.set(pointer, std::move(value));
    return *this;
}

ServiceBuilder::ServiceBuilder(const std::string& name) {
    object_ = bare(Kind::service, name);
    object_.set("/spec/selector", Value::map({{"app", name}}));
    object_.set("/spec/ports", Value::list({Value::map({{"port", 80}, {"targetPort", 8080}})}));
}

ServiceBuilder& ServiceBuilder::selecting(const Labels& selector) {
    return set("/spec/selector", to_value(selector));
}

ServiceBuilder& ServiceBuilder::also_selecting(const std::string& key, const std::string& value) {
    return set("/spec/selector/" + escape_pointer(key), value);
}

ServiceBuilder& ServiceBuilder::set(const std::string& pointer, Value value) {
    object_.set(pointer, std::move(value));
    return *this;
}

AutoscalerBuilder::AutoscalerBuilder(const std::string& name) {
    object_ = bare(Kind::autoscaler, name);
    of(name);
    between(2, 10);
    object_.set(
        "/spec/metrics",
        Value::list({Value::map({
            {"type", "Resource"},
            {"resource",
             Value::map({
                 {"name", "cpu"},
                 {"target", Value::map({{"type", "Utilization"}, {"averageUtilization", 80}})},
             })},
        })})
    );
}

AutoscalerBuilder& AutoscalerBuilder::between(int min, int max) {
    object_.set("/spec/minReplicas", min);
    object_.set("/spec/maxReplicas", max);
    return *this;
}

AutoscalerBuilder& AutoscalerBuilder::of(const std::string& deployment) {
    object_.set(
        "/spec/scaleTargetRef",
        Value::map({{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", deployment}})
    );
    return *this;
}

DeploymentBuilder a_deployment(const std::string& name) {
    return DeploymentBuilder(name);
}

ServiceBuilder a_service(const std::string& name) {
    return ServiceBuilder(name);
}

AutoscalerBuilder an_autoscaler(const std::string& name) {
    return AutoscalerBuilder(name);
}

Value a_scaled_object(const std::string& name, int min, int max) {
    auto object = bare(Kind::scaled_object, name);
    object.set("/spec/scaleTargetRef/name", name);
    object.set("/spec/minReplicaCount", min);
    object.set("/spec/maxReplicaCount", max);
    return object;
}

Value a_pod_quota(int pods) {
    auto quota = bare(Kind::resource_quota, "pods");
    quota.set("/spec/hard/pods", std::to_string(pods));
    quota.set("/status/hard/pods", std::to_string(pods));
    quota.set("/status/used/pods", "0");
    return quota;
}

Value a_disruption_budget(const std::string& app, Value min_available) {
    auto budget = bare(Kind::disruption_budget, app);
    budget.set("/spec/selector/matchLabels", Value::map({{"app", app}}));
    budget.set("/spec/minAvailable", std::move(min_available));
    return budget;
}

}  // namespace deployctl::simcluster
