// SPDX-License-Identifier: Apache-2.0
#include "cli/unconfigured.hpp"

#include "config/app_from_flags.hpp"
#include "config/readiness.hpp"
#include "model/error.hpp"

#include <utility>

namespace deployctl::cli {

namespace {

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

}  // namespace

config::Loaded configuration_for(const Unconfigured& wanted, const Place& place) {
    auto loaded = config::app_from_flags(
        {wanted.workload, wanted.container, wanted.image, place.app, place.kube_namespace}
    );
    if (wanted.workload.empty()) {
        Diagnostic missing;
        missing.code = "C1009";
        missing.message = "there is no deploy.yaml here, and no --workload says what to deploy";
        missing.place.file = "--workload";
        missing.help =
            "deployctl config init --from k8s/, or add --workload deploy/NAME -n NAMESPACE --image "
            "IMAGE";
        std::erase_if(loaded.diagnostics, [](const Diagnostic& one) {
            return one.place.file == "--workload";
        });
        loaded.diagnostics.insert(loaded.diagnostics.begin(), std::move(missing));
    }
    return loaded;
}

std::vector<std::string> fit_to_workload(Configuration& configuration, const World& world) {
    const auto* workload = find_workload(world, configuration.app.workload.name);
    const auto* container = workload == nullptr
                                ? nullptr
                                : container_of(*workload, configuration.app.workload.container);
    if (container == nullptr) {
        return {};  // the plan says so, with the names that are there
    }
    if (const auto gate = config::gate_from_readiness(*container)) {
        configuration.gates["health"].question = *gate;
        return {};
    }
    configuration.gates.clear();
    auto& strategies = configuration.strategies;
    strategies.canary.gates.clear();
    strategies.blue_green.gates.clear();
    strategies.rolling.gates.clear();
    return {
        "no health gate: container " + container->text("/name") +
        " has no readiness probe over plain HTTP"
    };
}

}  // namespace deployctl::cli
