// SPDX-License-Identifier: Apache-2.0
#include "simcluster/scaled_objects.hpp"

#include "model/kubernetes/workload.hpp"

#include <charconv>

namespace deployctl::simcluster {

namespace {

constexpr std::string_view paused = "autoscaling.keda.sh/paused-replicas";

ObjectRef autoscaler_of(const Value& object) {
    return {
        Kind::autoscaler,
        object.text("/metadata/namespace"),
        "keda-hpa-" + object.text("/metadata/name"),
    };
}

Value made_of(const Value& object) {
    const auto ref = autoscaler_of(object);
    const auto& keda = info(Kind::scaled_object);
    const auto owner = Value::map({
        {"apiVersion", keda.api_version},
        {"kind", keda.name},
        {"name", object.text("/metadata/name")},
        {"uid", object.text("/metadata/uid")},
        {"controller", true},
    });
    const auto target = Value::map({
        {"apiVersion", "apps/v1"},
        {"kind", "Deployment"},
        {"name", object.text("/spec/scaleTargetRef/name")},
    });
    return Value::map({
        {"apiVersion", info(Kind::autoscaler).api_version},
        {"kind", info(Kind::autoscaler).name},
        {"metadata",
         Value::map({
             {"name", ref.name},
             {"namespace", ref.kube_namespace},
             {"ownerReferences", Value::list({owner})},
         })},
        {"spec",
         Value::map({
             {"minReplicas", object.number("/spec/minReplicaCount", 1)},
             {"maxReplicas", object.number("/spec/maxReplicaCount", 100)},
             {"scaleTargetRef", target},
         })},
    });
}

}  // namespace

ScaledObjects::ScaledObjects(Sim sim)
    : sim_(sim), queue_(sim.clock, [this](const ObjectRef& ref) { sync(ref); }) {}

void ScaledObjects::note(const ObjectChange& change) {
    if (change.ref.kind == Kind::scaled_object) {
        queue_.add(change.ref, sim_.pace.autoscaler);
    }
    if (change.ref.kind == Kind::autoscaler) {
        for (const auto* one : sim_.objects.all(Kind::scaled_object)) {
            if (autoscaler_of(*one) == change.ref) {
                queue_.add(ref_of(Kind::scaled_object, *one), sim_.pace.autoscaler);
            }
        }
    }
}

void ScaledObjects::sync(const ObjectRef& ref) {
    const auto* object = sim_.objects.find(ref);
    if (object == nullptr) {
        return;
    }
    const auto text = object->text(annotation_pointer(paused));
    int replicas = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), replicas);
    if (!text.empty() && read.ec == std::errc()) {
        pause(*object, replicas);
    } else {
        keep_autoscaler(*object);
    }
}

void ScaledObjects::pause(const Value& object, int replicas) {
    const auto autoscaler = autoscaler_of(object);
    const ObjectRef target{
        Kind::deployment, autoscaler.kube_namespace, object.text("/spec/scaleTargetRef/name")
    };
    if (const auto* workload = sim_.objects.find(target)) {
        auto next = *workload;
        next.set("/spec/replicas", replicas);
        sim_.objects.replace(target, std::move(next));
    }
    if (sim_.objects.find(autoscaler) != nullptr) {
        sim_.objects.erase(autoscaler);
    }
}

void ScaledObjects::keep_autoscaler(const Value& object) {
    const auto ref = autoscaler_of(object);
    const auto wanted = made_of(object);
    const auto* present = sim_.objects.find(ref);
    if (present == nullptr) {
        sim_.objects.insert(ref, wanted);
        return;
    }
    auto next = *present;
    next.set("/spec", wanted.at("/spec"));
    sim_.objects.replace(ref, std::move(next));
}

}  // namespace deployctl::simcluster
