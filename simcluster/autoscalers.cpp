// SPDX-License-Identifier: Apache-2.0
#include "simcluster/autoscalers.hpp"

#include "model/kubernetes/workload.hpp"

#include <algorithm>

namespace deployctl::simcluster {

Autoscalers::Autoscalers(Sim sim)
    : sim_(sim), queue_(sim.clock, [this](const ObjectRef& ref) { sync(ref); }) {}

void Autoscalers::note(const ObjectChange& change) {
    if (change.ref.kind == Kind::autoscaler) {
        queue_.add(change.ref, sim_.pace.autoscaler);
    }
    if (change.ref.kind == Kind::deployment) {
        for (const auto* one : sim_.objects.all(Kind::autoscaler)) {
            if (one->text("/spec/scaleTargetRef/name") == change.ref.name) {
                queue_.add(ref_of(Kind::autoscaler, *one), sim_.pace.autoscaler);
            }
        }
    }
}

void Autoscalers::want(const ObjectRef& autoscaler, int replicas) {
    wanted_[autoscaler] = replicas;
    queue_.add(autoscaler, sim_.pace.autoscaler);
}

void Autoscalers::sync(const ObjectRef& autoscaler) {
    const auto* found = sim_.objects.find(autoscaler);
    if (found == nullptr) {
        return;
    }
    const auto limits = read_autoscaler(*found);
    const ObjectRef target{Kind::deployment, autoscaler.kube_namespace, limits.target_name};
    const auto* workload = sim_.objects.find(target);
    const auto present =
        workload == nullptr ? 0 : static_cast<int>(workload->number("/spec/replicas", 1));
    if (present == 0) {
        return;
    }
    const auto wanted = wanted_.find(autoscaler);
    const auto asked = wanted == wanted_.end() ? present : wanted->second;
    auto next = *workload;
    next.set("/spec/replicas", std::clamp(asked, limits.min, std::max(limits.min, limits.max)));
    sim_.objects.replace(target, std::move(next));
}

}  // namespace deployctl::simcluster
