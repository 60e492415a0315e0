// SPDX-License-Identifier: Apache-2.0
#include "engine/objects.hpp"

#include "engine/planned_objects.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace deployctl::engine {

namespace {

/// Labels and annotations by which other tools know their own objects: a copy must not carry them.
constexpr std::array foreign_prefixes{
    std::string_view("argocd.argoproj.io/"),
    std::string_view("kustomize.toolkit.fluxcd.io/"),
    std::string_view("helm.toolkit.fluxcd.io/"),
    std::string_view("meta.helm.sh/"),
    std::string_view("kubectl.kubernetes.io/last-applied-configuration"),
    std::string_view("deployment.kubernetes.io/"),
    std::string_view("deployctl.dev/"),
};

constexpr Duration life_of_tombstones = std::chrono::hours(24);

Labels without_foreign(Labels labels) {
    erase_if(labels, [](const auto& entry) {
        return std::ranges::any_of(foreign_prefixes, [&](std::string_view prefix) {
            return entry.first.starts_with(prefix);
        });
    });
    labels.erase("app.kubernetes.io/managed-by");
    return labels;
}

Value bare_object(const Plan& plan, Kind kind, const std::string& name) {
    return Value::map({
        {"apiVersion", info(kind).api_version},
        {"kind", info(kind).name},
        {"metadata",
         Value::map({
             {"name", name},
             {"namespace", plan.target.kube_namespace},
             {"annotations", Value::map()},
         })},
    });
}

const Value* snapshot_service(const Plan& plan, const std::string& name) {
    const auto found = std::ranges::find_if(plan.snapshot.services, [&](const Value& service) {
        return service.view("/metadata/name") == name;
    });
    return found == plan.snapshot.services.end() ? nullptr : &*found;
}

std::string label_pointer(std::string_view parent, std::string_view label) {
    return std::string(parent) + "/" + escape_pointer(label);
}

}  // namespace

std::string track_of(const Plan& plan, Slot slot) {
    if (slot == Slot::candidate) {
        return plan.strategy == StrategyKind::blue_green ? "preview" : "canary";
    }
    return deployctl::to_text(slot);
}

const std::string& name_of(const Plan& plan, Slot slot) {
    switch (slot) {
        case Slot::stable: return plan.workload;
        case Slot::candidate: return plan.candidate;
        case Slot::baseline: break;
    }
    return plan.baseline;
}

std::vector<Slot> slots_beside(const Plan& plan) {
    return plan.baseline.empty() ? std::vector{Slot::candidate}
                                 : std::vector{Slot::candidate, Slot::baseline};
}

ObjectRef workload_ref(const Plan& plan, Slot slot) {
    return {
        Kind::deployment,
        plan.target.kube_namespace,
        name_of(plan, slot),
    };
}

ObjectRef service_ref(const Plan& plan, const std::string& name) {
    return {Kind::service, plan.target.kube_namespace, name};
}

ObjectRef autoscaler_ref(const Plan& plan, const std::string& name) {
    const auto kind = plan.scene.is_kedas ? Kind::scaled_object : Kind::autoscaler;
    return {kind, plan.target.kube_namespace, name};
}

bool autoscaler_has_moved(const Plan& plan, int step) {
    const auto& steps = plan.course.steps;
    const auto count = std::min(static_cast<std::size_t>(std::max(step, 0)), steps.size());
    const auto end = steps.begin() + static_cast<std::ptrdiff_t>(count);
    return std::any_of(steps.begin(), end, [](const Step& one) {
        return std::holds_alternative<MoveAutoscaler>(one.action);
    });
}

Value make_beside(const Plan& plan, Slot slot) {
    auto candidate = bare_object(plan, Kind::deployment, name_of(plan, slot));
    const auto labels = without_foreign(read_labels(plan.snapshot.workload.at("/metadata/labels")));
    candidate.set("/metadata/labels", to_value(labels));
    candidate.set("/spec", plan.snapshot.workload.at("/spec"));
    candidate.set("/spec/replicas", 0);
    candidate.set("/spec/template", template_beside(plan, slot));
    candidate.set(label_pointer("/spec/selector/matchLabels", mark::track), track_of(plan, slot));
    return candidate;
}

Value template_beside(const Plan& plan, Slot slot) {
    auto pod_template =
        template_of(plan, slot == Slot::candidate ? Version::next : Version::previous);
    pod_template.set(label_pointer("/metadata/labels", mark::track), track_of(plan, slot));
    return pod_template;
}

Value make_preview_service(const Plan& plan, const CreatePreviewService& action) {
    auto service = bare_object(plan, Kind::service, action.name);
    auto selector = original_selector(plan, action.like);
    selector[std::string(mark::track)] = track_of(plan, Slot::candidate);
    service.set("/spec/selector", to_value(selector));
    service.set("/spec/type", "ClusterIP");
    service.set(label_pointer("/metadata/labels", mark::track), track_of(plan, Slot::candidate));
    Value::Array ports;
    if (const auto* like = snapshot_service(plan, action.like)) {
        for (auto port : like->items("/spec/ports")) {
            port.erase("/nodePort");
            ports.push_back(std::move(port));
        }
    }
    service.set("/spec/ports", std::move(ports));
    return service;
}

bool is_preview_service(const Value& service) {
    return service.has(label_pointer("/metadata/labels", mark::track));
}

Labels original_selector(const Plan& plan, const std::string& service) {
    const auto* found = snapshot_service(plan, service);
    return found == nullptr ? Labels{} : read_labels(found->at("/spec/selector"));
}

std::optional<Labels> selector_for(
    const Plan& plan, const World& world, const PointService& action
) {
    auto selector = original_selector(plan, action.service);
    if (action.to == Pointing::original) {
        return selector;
    }
    if (action.to == Pointing::candidate) {
        selector[std::string(mark::track)] = track_of(plan, Slot::candidate);
        return selector;
    }
    const auto* stable = find_workload(world, plan.workload);
    if (stable == nullptr) {
        return std::nullopt;
    }
    const auto own_track = stable->template_labels.find(mark::track);
    if (own_track != stable->template_labels.end()) {
        selector[std::string(mark::track)] = own_track->second;
        return selector;
    }
    const auto* set = current_replica_set(world, *stable);
    if (set == nullptr || set->hash.empty()) {
        return std::nullopt;
    }
    selector[std::string(mark::template_hash)] = set->hash;
    return selector;
}

const Value& template_of(const Plan& plan, Version version) {
    return version == Version::next ? plan.release.pod_template
                                    : plan.snapshot.workload.at("/spec/template");
}

namespace {

bool is_without_pods(const Value& workload, const std::string& app) {
    return workload.text(annotation_pointer(mark::app)) == app &&
           workload.number("/spec/replicas", 1) == 0 && workload.number("/status/replicas") == 0;
}

/// Since when nobody can have needed it.
std::optional<WallTime> left_since(const Workload& workload) {
    const auto pointer = annotation_pointer(mark::tombstone);
    return workload.body.has(pointer) ? read_rfc3339(workload.body.text(pointer))
                                      : workload.meta.created;
}

}  // namespace

bool is_tombstone(const Value& workload, const std::string& app) {
    return is_without_pods(workload, app) && workload.has(annotation_pointer(mark::tombstone));
}

bool is_left_over(const Value& workload, const std::string& app) {
    const bool is_as_created =
        workload.has(label_pointer("/spec/selector/matchLabels", mark::track)) &&
        workload.has(annotation_pointer(mark::rollout)) &&
        workload.number("/metadata/generation") == 1;
    return is_tombstone(workload, app) || (is_as_created && is_without_pods(workload, app));
}

bool is_old_leftover(const Workload& workload, const std::string& app, WallTime now) {
    const auto since = left_since(workload);
    return since && now - *since >= life_of_tombstones && is_left_over(workload.body, app);
}

std::vector<ObjectRef> old_leftovers(const Plan& plan, const World& world, WallTime now) {
    std::vector<ObjectRef> found;
    for (const auto& workload : world.workloads) {
        const auto& name = workload.meta.name;
        const bool is_needed =
            name == plan.workload || name == plan.candidate || name == plan.baseline;
        if (!is_needed && is_old_leftover(workload, plan.target.app, now)) {
            found.push_back({Kind::deployment, plan.target.kube_namespace, name});
        }
    }
    return found;
}

std::vector<ObjectRef> workloads_of(const Plan& plan) {
    std::vector<ObjectRef> workloads{workload_ref(plan, Slot::stable)};
    for (const auto slot : slots_beside(plan)) {
        workloads.push_back(workload_ref(plan, slot));
    }
    return workloads;
}

std::vector<ObjectRef> claimed_objects(const Plan& plan) {
    auto objects = workloads_of(plan);
    for (const auto& service : plan.snapshot.services) {
        objects.push_back(service_ref(plan, service.text("/metadata/name")));
    }
    if (plan.scene.autoscaler) {
        objects.push_back(autoscaler_ref(plan, *plan.scene.autoscaler));
    }
    return objects;
}

std::vector<ObjectRef> preview_services(const Plan& plan) {
    std::vector<ObjectRef> services;
    for (const auto& step : plan.course.steps) {
        if (const auto* action = std::get_if<CreatePreviewService>(&step.action)) {
            services.push_back(service_ref(plan, action->name));
        }
    }
    return services;
}

bool points_services(const Plan& plan) {
    const auto points = [](const Step& step) {
        return std::holds_alternative<PointService>(step.action);
    };
    return std::ranges::any_of(plan.course.steps, points) ||
           std::ranges::any_of(plan.way_back, points);
}

std::vector<ObjectRef> fenced_objects(const Plan& plan) {
    auto objects = claimed_objects(plan);
    if (!points_services(plan)) {  // then nobody may have been allowed to write them, either
        std::erase_if(objects, [](const ObjectRef& ref) { return ref.kind == Kind::service; });
    }
    std::ranges::copy(preview_services(plan), std::back_inserter(objects));
    for (const auto& written : written_objects(plan)) {
        if (std::ranges::count(objects, written.ref) == 0) {
            objects.push_back(written.ref);
        }
    }
    return objects;
}

std::vector<const Pod*> pods_of_slot(const Plan& plan, const World& world, Slot slot) {
    const auto* workload = find_workload(world, name_of(plan, slot));
    if (workload == nullptr) {
        return {};
    }
    const auto* set = current_replica_set(world, *workload);
    return set == nullptr ? std::vector<const Pod*>{} : pods_of(world, *set);
}

int ready_of_slot(const Plan& plan, const World& world, Slot slot) {
    const auto pods = pods_of_slot(plan, world, slot);
    return static_cast<int>(std::ranges::count_if(pods, &Pod::ready));
}

bool runs_next(const Plan& plan, const Workload& workload) {
    return workload.meta.name == plan.candidate ||
           workload.body.at("/spec/template") == plan.release.pod_template;
}

std::vector<const Pod*> pods_of_next(const Plan& plan, const World& world) {
    auto pods = pods_of_slot(plan, world, Slot::candidate);
    const auto* stable = find_workload(world, plan.workload);
    if (stable != nullptr && runs_next(plan, *stable)) {
        const auto more = pods_of_slot(plan, world, Slot::stable);
        pods.insert(pods.end(), more.begin(), more.end());
    }
    return pods;
}

}  // namespace deployctl::engine
