// SPDX-License-Identifier: Apache-2.0
#include "simcluster/endpoints.hpp"

#include <algorithm>

namespace deployctl::simcluster {

namespace {

bool is_ready(const Value& pod) {
    return std::ranges::any_of(pod.items("/status/conditions"), [](const Value& condition) {
        return condition.text("/type") == "Ready" && condition.text("/status") == "True";
    });
}

Value endpoint(const Value& pod) {
    const bool serving = is_ready(pod);
    const bool terminating = pod.has("/metadata/deletionTimestamp");
    return Value::map({
        {"addresses", Value::list({pod.at("/status/podIP")})},
        {"conditions",
         Value::map({
             {"ready", serving && !terminating},
             {"serving", serving},
             {"terminating", terminating},
         })},
        {"targetRef",
         Value::map({
             {"kind", "Pod"},
             {"namespace", pod.at("/metadata/namespace")},
             {"name", pod.at("/metadata/name")},
             {"uid", pod.at("/metadata/uid")},
         })},
    });
}

/// What of a pod an endpoint depends on.
bool concerns_endpoints(const ObjectChange& change) {
    if (change.before == nullptr || change.after == nullptr) {
        return true;
    }
    return change.before->at("/metadata/labels") != change.after->at("/metadata/labels") ||
           endpoint(*change.before) != endpoint(*change.after);
}

}  // namespace

Endpoints::Endpoints(Sim sim)
    : sim_(sim), queue_(sim.clock, [this](const ObjectRef& ref) { sync(ref); }) {}

void Endpoints::note(const ObjectChange& change) {
    if (change.ref.kind == Kind::service) {
        queue_.add(change.ref, sim_.pace.endpoints);
        return;
    }
    if (change.ref.kind != Kind::pod || !concerns_endpoints(change)) {
        return;
    }
    for (const auto* service : sim_.objects.all(Kind::service)) {
        const auto selector = read_labels(service->at("/spec/selector"));
        const auto selected = [&](const Value* pod) {
            return pod != nullptr && selects(selector, read_labels(pod->at("/metadata/labels")));
        };
        if (selected(change.before) || selected(change.after)) {
            queue_.add(ref_of(Kind::service, *service), sim_.pace.endpoints);
        }
    }
}

void Endpoints::sync(const ObjectRef& service) {
    const auto* found = sim_.objects.find(service);
    if (found == nullptr || found->members("/spec/selector").empty()) {
        return;
    }
    const auto selector = read_labels(found->at("/spec/selector"));
    Value::Array endpoints;
    for (const auto* pod : sim_.objects.all(Kind::pod)) {
        const bool has_address = pod->has("/status/podIP");
        if (has_address && selects(selector, read_labels(pod->at("/metadata/labels")))) {
            endpoints.push_back(endpoint(*pod));
        }
    }
    const ObjectRef ref{Kind::endpoint_slice, service.kube_namespace, service.name + "-slice"};
    Value slice;
    if (const auto* present = sim_.objects.find(ref)) {
        slice = *present;
        slice.set("/endpoints", std::move(endpoints));
        sim_.objects.replace(ref, std::move(slice));
        return;
    }
    slice.set("/metadata/labels/kubernetes.io~1service-name", service.name);
    slice.set("/metadata/ownerReferences", Value::list({owner_reference(*found)}));
    slice.set("/addressType", "IPv4");
    slice.set("/endpoints", std::move(endpoints));
    sim_.objects.insert(ref, std::move(slice));
}

}  // namespace deployctl::simcluster
