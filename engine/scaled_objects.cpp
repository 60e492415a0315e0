// SPDX-License-Identifier: Apache-2.0
#include "engine/scaled_objects.hpp"

#include "model/kubernetes/object.hpp"

namespace deployctl::engine {

namespace {

std::optional<ObjectRef> owner_of(const Autoscaler& autoscaler, const Target& target) {
    for (const auto& owner : autoscaler.meta.owners) {
        if (owner.kind == info(Kind::scaled_object).name) {
            return ObjectRef{Kind::scaled_object, target.kube_namespace, owner.name};
        }
    }
    return std::nullopt;
}

}  // namespace

Task<> note_scaled_object(Cluster* cluster, World world, PlanRequest* request) {
    const auto& workload = request->configuration.app.workload.name;
    const auto* autoscaler = find_autoscaler_of(world, workload);
    const auto ref = autoscaler == nullptr ? std::nullopt : owner_of(*autoscaler, request->target);
    if (!ref) {
        co_return;
    }
    const auto& keda = info(Kind::scaled_object);
    std::vector<Permission> wanted;
    wanted.push_back({"get", keda.group, keda.plural});
    const auto missing = co_await cluster->missing_permissions(wanted);
    if (missing.empty()) {
        request->scaled_object = co_await cluster->get(*ref);
    }
}

}  // namespace deployctl::engine
