// SPDX-License-Identifier: Apache-2.0
#include "cli/unconfigured.hpp"

#include <algorithm>
#include <array>

namespace deployctl::cli {

namespace {

constexpr std::array<std::string_view, 4> deployment_words{
    "deploy", "deployment", "deployments", "Deployment"
};

std::string workload_name(const std::string& text) {
    if (text.empty()) {
        throw Error(
            ExitCode::usage,
            "there is no deploy.yaml here, and no --workload says what to deploy",
            "deployctl config init --from k8s/, or add --workload deploy/NAME -n NAMESPACE --image "
            "IMAGE"
        );
    }
    const auto slash = text.find('/');
    const auto kind = slash == std::string::npos ? "deploy" : text.substr(0, slash);
    if (std::ranges::find(deployment_words, kind) == deployment_words.end()) {
        throw Error(
            ExitCode::usage, "--workload " + text + " is no Deployment", "write deploy/NAME"
        );
    }
    const auto name = slash == std::string::npos ? text : text.substr(slash + 1);
    if (name.empty()) {
        throw Error(ExitCode::usage, "--workload " + text + " has no name", "write deploy/NAME");
    }
    return name;
}

const Value* container_of(const Workload& workload, const std::string& name) {
    const auto& containers = workload.body.items("/spec/template/spec/containers");
    const auto wanted = name.empty() && containers.size() > 1 ? workload.meta.name : name;
    for (const auto& container : containers) {
        if (wanted.empty() || container.text("/name") == wanted) {
            return &container;
        }
    }
    return nullptr;
}

/// A probe names its port by number, or by the name that the container gives it.
int port_of(const Value& container, const Value& probe) {
    if (!probe.at("/port").is_string()) {
        return static_cast<int>(probe.number("/port"));
    }
    for (const auto& port : container.items("/ports")) {
        if (port.text("/name") == probe.text("/port")) {
            return static_cast<int>(port.number("/containerPort"));
        }
    }
    return 0;
}

}  // namespace

Configuration configuration_for(const Unconfigured& wanted, const Place& place) {
    Configuration configuration;
    configuration.app.workload.name = workload_name(wanted.workload);
    configuration.app.workload.container = wanted.container;
    configuration.app.image = wanted.image;
    configuration.app.name = place.app.empty() ? configuration.app.workload.name : place.app;
    configuration.gates["health"] = HttpGate{};
    configuration.strategies.canary.gates = {"health"};
    configuration.strategies.blue_green.gates = {"health"};
    configuration.strategies.rolling.gates = {"health"};
    return configuration;
}

std::vector<std::string> fit_to_workload(Configuration& configuration, const World& world) {
    const auto* workload = find_workload(world, configuration.app.workload.name);
    const auto* container = workload == nullptr
                                ? nullptr
                                : container_of(*workload, configuration.app.workload.container);
    if (container == nullptr) {
        return {};  // the plan says so, with the names that are there
    }
    const auto& probe = container->at("/readinessProbe/httpGet");
    if (probe.is_null()) {
        configuration.gates.clear();
        auto& strategies = configuration.strategies;
        strategies.canary.gates.clear();
        strategies.blue_green.gates.clear();
        strategies.rolling.gates.clear();
        return {
            "no health gate: container " + container->text("/name") +
            " has no readiness probe over HTTP"
        };
    }
    auto& gate = configuration.gates["health"];
    gate.path = probe.text("/path", "/");
    gate.port = port_of(*container, probe);
    return {};
}

}  // namespace deployctl::cli
