// SPDX-License-Identifier: Apache-2.0
#include "simcluster/endpoints.hpp"

#include "simcluster/pod_status.hpp"

#include <algorithm>

namespace deployctl::simcluster {

namespace {

Value endpoint(const Value& pod) {
    const bool serving = is_ready(pod);
    const bool terminating = is_leaving(pod);
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

/// What of a pod an endpoint depends on, but for its names, which stay.
bool concerns_endpoints(const ObjectChange& change) {
    if (change.before == nullptr || change.after == nullptr) {
        return true;
    }
    const auto& before = *change.before;
    const auto& after = *change.after;
    return before.at("/metadata/labels") != after.at("/metadata/labels") ||
           before.at("/status/podIP") != after.at("/status/podIP") ||
           is_leaving(before) != is_leaving(after) || is_ready(before) != is_ready(after);
}

/// By a Service that selects at all.
bool is_selected(const Value& pod, const Value& service) {
    const auto& selector = service.members("/spec/selector");
    const auto& labels = pod.members("/metadata/labels");
    return !selector.empty() && std::ranges::all_of(selector, [&](const auto& wanted) {
        const auto label = labels.find(wanted.first);
        return label != labels.end() && label->second == wanted.second;
    });
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
        const auto selected = [&](const Value* pod) {
            return pod != nullptr && is_selected(*pod, *service);
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
    Value::Array endpoints;
    for (const auto* pod : sim_.objects.all(Kind::pod)) {
        const bool has_address = pod->has("/status/podIP");
        if (has_address && is_selected(*pod, *found)) {
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
