// SPDX-License-Identifier: Apache-2.0
// Objects for tests, with everything filled in that a test does not care about:
// `cluster.add(a_deployment("web") .replicas(4).image("registry/shop/web:v1"))`. Values; any
// thread.
#pragma once

#include "model/value.hpp"

#include <string>

namespace deployctl::simcluster {

/// A chain that ends as a Value.
class ObjectBuilder {
public:
    operator Value() const { return object_; }

    Value build() const { return object_; }

protected:
    Value object_;
};

/// App "web": label app=web, one container "web" with image registry/shop/web:v1 and port 8080, 3
/// replicas, maxSurge 1, maxUnavailable 0.
class DeploymentBuilder final : public ObjectBuilder {
public:
    explicit DeploymentBuilder(const std::string& name);

    DeploymentBuilder& replicas(int count) { return set("/spec/replicas", count); }

    DeploymentBuilder& image(const std::string& image) { return set(container_ + "/image", image); }

    DeploymentBuilder& surge(Value number_or_percent);
    DeploymentBuilder& unavailable(Value number_or_percent);
    DeploymentBuilder& recreate();

    DeploymentBuilder& min_ready(int count_of_seconds) {
        return set("/spec/minReadySeconds", count_of_seconds);
    }

    /// On the pod template and in the selector.
    DeploymentBuilder& label(const std::string& key, const std::string& value);
    DeploymentBuilder& annotation(const std::string& key, const std::string& value);
    DeploymentBuilder& environment(const std::string& name, const std::string& value);
    /// Anything else.
    DeploymentBuilder& set(const std::string& pointer, Value value);

private:
    const std::string container_ = "/spec/template/spec/containers/0";
};

/// Selects app=<name>, port 80 to 8080.
class ServiceBuilder final : public ObjectBuilder {
public:
    explicit ServiceBuilder(const std::string& name);

    /// Instead of app=<name>.
    ServiceBuilder& selecting(const Labels& selector);
    /// Beside it.
    ServiceBuilder& also_selecting(const std::string& key, const std::string& value);
    ServiceBuilder& set(const std::string& pointer, Value value);
};

/// Of the Deployment of the same name, 2 to 10 replicas, CPU 80 %.
class AutoscalerBuilder final : public ObjectBuilder {
public:
    explicit AutoscalerBuilder(const std::string& name);

    AutoscalerBuilder& between(int min, int max);
    AutoscalerBuilder& of(const std::string& deployment);
};

DeploymentBuilder a_deployment(const std::string& name = "web");
ServiceBuilder a_service(const std::string& name = "web");
AutoscalerBuilder an_autoscaler(const std::string& name = "web");
/// Of the Deployment of the same name; KEDA makes the autoscaler `keda-hpa-<name>` of it.
Value a_scaled_object(const std::string& name, int min, int max);
/// Room for so many pods.
Value a_pod_quota(int pods);
Value a_disruption_budget(const std::string& app, Value min_available);

}  // namespace deployctl::simcluster
