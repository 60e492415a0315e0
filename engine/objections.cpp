// SPDX-License-Identifier: Apache-2.0
#include "engine/objections.hpp"

#include "engine/objects.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace deployctl::engine {

namespace {

struct OwnerMark {
    std::string_view key;
    std::string_view owner;
};

constexpr std::array owner_marks{
    OwnerMark{"argocd.argoproj.io/tracking-id", "Argo CD"},
    OwnerMark{"argocd.argoproj.io/instance", "Argo CD"},
    OwnerMark{"kustomize.toolkit.fluxcd.io/name", "Flux"},
    OwnerMark{"helm.toolkit.fluxcd.io/name", "Flux"},
};

bool uses_host_ports(const Workload& workload) {
    const auto& containers = workload.body.items("/spec/template/spec/containers");
    return workload.body.flag("/spec/template/spec/hostNetwork") ||
           std::ranges::any_of(containers, [](const Value& container) {
               return std::ranges::any_of(container.items("/ports"), [](const Value& port) {
                   return port.number("/hostPort") != 0;
               });
           });
}

bool claims_volumes(const Workload& workload) {
    return std::ranges::any_of(
        workload.body.items("/spec/template/spec/volumes"),
        [](const Value& volume) { return volume.has("/persistentVolumeClaim"); }
    );
}

void object_to_two_slots(const Workload& workload, Objections& found) {
    const auto refuse = [&](const std::string& why) {
        found.refusals.push_back(
            why + ": two versions cannot run side by side; use `deployctl rollout rolling`"
        );
    };
    if (workload.recreates) {
        refuse("Deployment/" + workload.meta.name + " has strategy Recreate");
    }
    if (uses_host_ports(workload)) {
        refuse("pods of " + workload.meta.name + " take ports of their node");
    }
    if (claims_volumes(workload)) {
        refuse("pods of " + workload.meta.name + " share a PersistentVolumeClaim");
    }
}

void object_to_autoscaler(
    const World& world, const Workload& workload, KedaAccess keda, Objections& found
) {
    const auto* autoscaler = find_autoscaler_of(world, workload.meta.name);
    if (autoscaler == nullptr) {
        return;
    }
    const auto size = std::to_string(workload.replicas) + " pods";
    if (autoscaler->is_kedas && keda == KedaAccess::pausable) {
        found.warnings.push_back(
            "the ScaledObject of HorizontalPodAutoscaler/" + autoscaler->meta.name +
            " is paused at " + size +
            " during the rollout and given back after it: until then nothing scales with the load"
        );
        return;
    }
    if (autoscaler->is_kedas) {
        found.refusals.push_back(
            "HorizontalPodAutoscaler/" + autoscaler->meta.name +
            " belongs to a KEDA ScaledObject, which would undo what deployctl writes; pause it "
            "with the "
            "annotation autoscaling.keda.sh/paused, or use `deployctl rollout rolling`"
        );
        return;
    }
    found.warnings.push_back(
        "HorizontalPodAutoscaler/" + autoscaler->meta.name + " is held at " + size +
        " until the candidate has half of the traffic, sizes the candidate then, and is given back "
        "after the rollout"
    );
}

/// The label that a pin of ours has put into the selector of a Service of the workload, if one has.
std::optional<std::pair<std::string, std::string>> pin_of(
    const Service& service, const Workload& workload
) {
    std::optional<std::pair<std::string, std::string>> pin;
    for (const auto& [key, value] : service.selector) {
        const auto label = workload.template_labels.find(key);
        const bool is_own = label != workload.template_labels.end() && label->second == value;
        if (is_own) {
            continue;
        }
        if (key != mark::template_hash && key != mark::track) {
            return std::nullopt;  // another workload's
        }
        pin.emplace(key, value);
    }
    return is_preview_service(service.body) ? std::nullopt : pin;
}

}  // namespace

std::optional<std::string> gitops_owner(const ObjectMeta& meta) {
    for (const auto& mark : owner_marks) {
        if (meta.labels.contains(mark.key) || meta.annotations.contains(mark.key)) {
            return std::string(mark.owner);
        }
    }
    return std::nullopt;
}

bool is_of_app(const ObjectMeta& meta, const std::string& app) {
    const auto owner = meta.annotations.find(mark::app);
    return owner != meta.annotations.end() && owner->second == app;
}

Objections object_to(const World& world, const Workload& workload, Slots slots, KedaAccess keda) {
    Objections found;
    const auto name = "Deployment/" + workload.meta.name;
    if (workload.meta.deleted) {
        found.refusals.push_back(name + " is being deleted");
    }
    if (workload.body.flag("/spec/paused")) {
        found.refusals.push_back(
            name + " is paused, so its pods would never change; `kubectl rollout resume` it first"
        );
    }
    if (workload.replicas == 0) {
        found.refusals.push_back(
            name + " is scaled to 0: nothing would prove the version; scale it up first"
        );
    }
    if (const auto owner = gitops_owner(workload.meta)) {
        found.refusals.push_back(
            name + " is managed by " + *owner +
            ", whose self-heal would undo every write; release it there, or "
            "turn self-heal off for it and take its tracking label away"
        );
    }
    if (slots == Slots::two) {
        object_to_two_slots(workload, found);
        object_to_autoscaler(world, workload, keda, found);
    }
    return found;
}

std::vector<std::string> object_to_pins(
    const World& world, const Workload& workload, const Target& target
) {
    std::vector<std::string> refusals;
    for (const auto& service : world.services) {
        const auto pin = pin_of(service, workload);
        if (pin) {
            refusals.push_back(
                "Service/" + service.meta.name + " still has a pin of a rollout in its selector (" +
                pin->first + "=" + pin->second +
                "), which would be taken for its owner's; `deployctl rollout rollback "
                "--from-cluster --app " +
                target.app + " -n " + target.kube_namespace +
                " --reason TEXT` restores it, or, where that says that there is nothing to roll "
                "back: `kubectl patch service " +
                service.meta.name + " -n " + target.kube_namespace +
                " --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/selector/" +
                escape_pointer(pin->first) + "\"}]'`"
            );
        }
    }
    return refusals;
}

std::vector<std::string> object_to_sharing(
    const World& world,
    const Workload& workload,
    const std::string& app,
    const std::vector<std::string>& services
) {
    std::set<std::string> own;  // with those of candidates that an older rollout has left
    for (const auto& one : world.workloads) {
        if (one.meta.name == workload.meta.name || is_of_app(one.meta, app)) {
            for (const auto* pod : all_pods_of(world, one)) {
                own.insert(pod->meta.uid);
            }
        }
    }
    std::vector<std::string> refusals;
    for (const auto& service : services) {
        std::vector<std::string> others;
        for (const auto* endpoint : endpoints_of(world, service)) {
            const bool is_foreign = !own.contains(endpoint->pod_uid);
            if (!endpoint->terminating && !endpoint->pod.empty() && is_foreign) {
                others.push_back(endpoint->pod);
            }
        }
        if (!others.empty()) {
            refusals.push_back(
                "Service/" + service + " also has pods that are not of Deployment/" +
                workload.meta.name + " (" + join(others, ", ") +
                "): they would get no requests while it is pinned to one version; use `deployctl "
                "rollout rolling`, or narrow its selector"
            );
        }
    }
    return refusals;
}

std::vector<std::string> object_to_preview(
    const World& world, const std::string& preview, const std::string& app
) {
    const auto* service = find_service(world, preview);
    if (service == nullptr || is_of_app(service->meta, app)) {
        return {};
    }
    return {
        "Service/" + preview + " exists and was not made by deployctl for " + app +
        "; name another one, or this one if it may be used, in "
        "strategies.blue-green.preview_service"
    };
}

std::vector<std::string> object_to_candidate(
    const World& world, const std::string& candidate, const std::string& app
) {
    const auto* workload = find_workload(world, candidate);
    if (workload == nullptr) {
        return {};
    }
    if (is_of_app(workload->meta, app)) {
        return {};
    }
    return {
        "Deployment/" + candidate + " exists and was not made by deployctl for " + app +
        "; rename or delete it, since the rollout needs the name"
    };
}

}  // namespace deployctl::engine
