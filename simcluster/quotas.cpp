// SPDX-License-Identifier: Apache-2.0
#include "simcluster/quotas.hpp"

namespace deployctl::simcluster {

Quotas::Quotas(Sim sim)
    : sim_(sim), queue_(sim.clock, [this](const ObjectRef& ref) { sync(ref); }) {}

void Quotas::note(const ObjectChange& change) {
    const bool is_count = change.before == nullptr || change.after == nullptr;
    if (change.ref.kind == Kind::resource_quota && change.after != nullptr) {
        queue_.add(change.ref, sim_.pace.controller);
    } else if (change.ref.kind == Kind::pod && is_count) {
        for (const auto* quota : sim_.objects.all(Kind::resource_quota)) {
            queue_.add(ref_of(Kind::resource_quota, *quota), sim_.pace.controller);
        }
    }
}

void Quotas::sync(const ObjectRef& quota) {
    const auto* found = sim_.objects.find(quota);
    if (found == nullptr) {
        return;
    }
    auto next = *found;
    next.set("/status/hard", found->at("/spec/hard"));
    next.set("/status/used/pods", std::to_string(sim_.objects.all(Kind::pod).size()));
    sim_.objects.replace(quota, std::move(next));
}

std::string refusal_by_quota(const ObjectTable& objects, const std::string& pod) {
    for (const auto* quota : objects.all(Kind::resource_quota)) {
        const auto hard = quota->text("/spec/hard/pods");
        const auto used = objects.all(Kind::pod).size();
        if (!hard.empty() && used >= std::stoul(hard)) {
            return "pods \"" + pod +
                   "\" is forbidden: exceeded quota: " + quota->text("/metadata/name") +
                   ", requested: pods=1, used: pods=" + std::to_string(used) +
                   ", limited: pods=" + hard;
        }
    }
    return "";
}

}  // namespace deployctl::simcluster
