// SPDX-License-Identifier: Apache-2.0
#include "engine/planning.hpp"

#include "engine/approving.hpp"
#include "engine/cautions.hpp"
#include "engine/objections.hpp"
#include "engine/objects.hpp"
#include "engine/planned_config.hpp"
#include "engine/planned_gates.hpp"
#include "engine/planned_objects.hpp"
#include "engine/release.hpp"
#include "model/error.hpp"
#include "model/text.hpp"
#include "strategies/blue_green.hpp"
#include "strategies/canary.hpp"
#include "strategies/going_back.hpp"
#include "strategies/resizing.hpp"
#include "strategies/rolling.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

std::string names_or_none(const std::vector<std::string>& names) {
    return names.empty() ? "none" : join(names, ", ");
}

const Workload& need_workload(const World& world, const PlanRequest& request) {
    const auto& name = request.configuration.app.workload.name;
    if (const auto* workload = find_workload(world, name)) {
        return *workload;
    }
    std::vector<std::string> known;
    for (const auto& workload : world.workloads) {
        known.push_back(workload.meta.name);
    }
    throw Error(
        ExitCode::usage,
        "no Deployment/" + name + " in namespace " + request.target.kube_namespace,
        "Deployments there: " + names_or_none(known)
    );
}

std::string need_container(const Workload& workload, const WorkloadSettings& settings) {
    const auto& pod_template = workload.body.at("/spec/template");
    const auto names = container_names(pod_template);
    const auto& wanted = settings.container;
    if (wanted.empty() && names.size() == 1) {
        return names.front();
    }
    const auto& name = wanted.empty() ? workload.meta.name : wanted;
    if (!container_pointer(pod_template, name).empty()) {
        return name;
    }
    throw Error(
        ExitCode::usage,
        "Deployment/" + workload.meta.name + " has no container " + name,
        "name one in app.workload.container: " + names_or_none(names)
    );
}

/// The gates that apply: the environment's list instead of the strategy's own, and the version
/// probe's.
std::vector<std::string> gates_for(const PlanRequest& request, std::vector<std::string> own) {
    auto gates = request.environment.gates.value_or(std::move(own));
    if (request.configuration.app.version_probe && !std::ranges::count(gates, version_gate)) {
        gates.emplace_back(version_gate);
    }
    return gates;
}

CanarySettings canary_settings(const PlanRequest& request) {
    auto settings = request.configuration.strategies.canary;
    if (request.steps) {
        const auto hold = settings.steps.empty() ? Duration{} : settings.steps.front().hold;
        settings.steps.clear();
        for (const int weight : *request.steps) {
            settings.steps.push_back({weight, hold});
        }
    }
    settings.gates = gates_for(request, settings.gates);
    std::erase_if(settings.steps, [&](const CanaryStep& step) {
        return step.environments &&
               std::ranges::count(*step.environments, request.environment.name) == 0;
    });
    return settings;
}

Course make_course(const Scene& scene, const PlanRequest& request) {
    if (scene.replicas < 1) {
        return {};  // refused; no strategy moves no pods
    }
    const auto& strategies = request.configuration.strategies;
    switch (request.strategy) {
        case StrategyKind::canary: return strategies::canary(scene, canary_settings(request));
        case StrategyKind::blue_green: {
            auto settings = strategies.blue_green;
            settings.gates = gates_for(request, settings.gates);
            return strategies::blue_green(scene, settings);
        }
        case StrategyKind::rolling: {
            auto settings = strategies.rolling;
            settings.gates = gates_for(request, settings.gates);
            return strategies::rolling(scene, settings);
        }
    }
    return {};
}

Slots slots_of(const PlanRequest& request) {
    const bool one = request.strategy == StrategyKind::rolling &&
                     request.configuration.strategies.rolling.batches.empty();
    return one ? Slots::one : Slots::two;
}

Scene make_scene(const World& world, const Workload& workload, const PlanRequest& request) {
    Scene scene;
    scene.workload = workload.meta.name;
    scene.replicas = std::max(workload.replicas, request.recorded_replicas);
    scene.max_surge = workload.max_surge;
    scene.max_unavailable = workload.max_unavailable;
    scene.drain = request.configuration.drain;
    for (const auto* service : services_selecting(world, workload.template_labels)) {
        scene.services.push_back(service->meta.name);
    }
    std::ranges::sort(scene.services);
    const auto* autoscaler = find_autoscaler_of(world, workload.meta.name);
    if (autoscaler != nullptr && slots_of(request) == Slots::two) {
        scene.is_kedas = request.scaled_object.has_value();
        scene.autoscaler =
            scene.is_kedas ? request.scaled_object->text("/metadata/name") : autoscaler->meta.name;
    }
    return scene;
}

/// As many pods as the environment is to have, where no autoscaler decides about that.
void use_size(PlanDraft& draft, const PlanRequest& request, const World& world) {
    auto& plan = draft.plan;
    const auto wanted = request.environment.replicas;
    if (!wanted || *wanted == plan.scene.replicas) {
        return;
    }
    const auto size =
        "environments." + request.environment.name + ".replicas: " + std::to_string(*wanted);
    if (const auto* autoscaler = find_autoscaler_of(world, plan.workload)) {
        draft.warnings.push_back(
            size + " is not used: HorizontalPodAutoscaler/" + autoscaler->meta.name +
            " decides how many pods " + plan.workload + " has; set its minReplicas and maxReplicas"
        );
        return;
    }
    strategies::resize(plan.course, plan.way_back, plan.scene, *wanted);
    draft.warnings.push_back(
        plan.workload + " has " + count_of(plan.scene.replicas, "pod") +
        "; with the new version it gets " + std::to_string(*wanted) + " (" + size + ")"
    );
}

/// The Service that blue-green is configured to preview with, where its owner has made it already:
/// borrowed for the rollout.
const Service* borrowed_preview(const World& world, const PlanRequest& request) {
    const auto& name = request.configuration.strategies.blue_green.preview_service;
    const auto* service = find_service(world, name);
    const bool is_borrowed = request.strategy == StrategyKind::blue_green && service != nullptr &&
                             !is_of_app(service->meta, request.target.app);
    return is_borrowed ? service : nullptr;
}

/// `active_services`, where given, in their order; each must select the workload's pods.
void choose_services(Scene& scene, const PlanRequest& request, std::vector<std::string>& refusals) {
    const auto& wanted = request.configuration.strategies.blue_green.active_services;
    if (request.strategy != StrategyKind::blue_green || wanted.empty()) {
        return;
    }
    for (const auto& service : wanted) {
        if (!std::ranges::count(scene.services, service)) {
            refusals.push_back(
                "Service/" + service + " does not exist or does not select the pods of " +
                scene.workload + "; those that do: " + names_or_none(scene.services)
            );
        }
    }
    scene.services = wanted;
}

Value without_noise(Value object) {
    for (const auto* pointer :
         {"/status", "/metadata/managedFields", "/metadata/resourceVersion"}) {
        object.erase(pointer);
    }
    return object;
}

Snapshot take_snapshot(
    const World& world, const Scene& scene, const PlanRequest& request, const Service* preview
) {
    Snapshot snapshot;
    snapshot.workload = without_noise(find_workload(world, scene.workload)->body);
    for (const auto& name : scene.services) {
        if (const auto* service = find_service(world, name)) {
            snapshot.services.push_back(without_noise(service->body));
        }
    }
    if (preview != nullptr) {
        snapshot.services.push_back(without_noise(preview->body));
    }
    if (scene.is_kedas) {
        snapshot.autoscalers.push_back(without_noise(*request.scaled_object));
    } else if (scene.autoscaler) {
        const auto* autoscaler = find_autoscaler_of(world, scene.workload);
        snapshot.autoscalers.push_back(without_noise(autoscaler->body));
    }
    return snapshot;
}

Release make_release(
    const Workload& workload, const std::string& container, const PlanRequest& request
) {
    const auto& present = workload.body.at("/spec/template");
    Release release;
    release.tag = request.tag;
    release.digest = request.digest;
    release.previous_image = present.text(container_pointer(present, container) + "/image");
    auto image = read_image(release.previous_image);
    if (!request.configuration.app.image.empty()) {
        image.repository = request.configuration.app.image;
    }
    image.tag = request.tag;
    image.digest = request.digest;
    release.image = to_text(image);
    const auto base = request.pod_template.value_or(present);
    if (container_pointer(base, container).empty()) {
        throw Error(
            ExitCode::usage,
            "the manifests of Deployment/" + workload.meta.name + " have no container " + container,
            "name one in app.workload.container that is in the cluster and in them: there are " +
                names_or_none(container_names(base))
        );
    }
    release.pod_template = with_image(base, container, image);
    release.changes = describe_changes(present, release.pod_template);
    return release;
}

/// Its owner's selector again, before the end is verified.
void give_back(std::vector<Step>& steps, const std::string& service) {
    if (!steps.empty()) {
        const Step step{steps.back().stage, PointService{service, Pointing::original}, {}};
        steps.insert(std::prev(steps.end()), step);
    }
}

void object_to_services(const World& world, const PlanRequest& request, PlanDraft& draft) {
    const auto& workload = need_workload(world, request);
    const auto& wanted = request.configuration.strategies.blue_green.preview_service;
    for (const auto& step : draft.plan.course.steps) {
        const auto* made = std::get_if<CreatePreviewService>(&step.action);
        if (made != nullptr && made->name != wanted) {
            append(draft.refusals, object_to_preview(world, made->name, request.target.app));
        }
    }
    if (slots_of(request) == Slots::two) {
        append(
            draft.refusals,
            object_to_sharing(world, workload, request.target.app, draft.plan.scene.services)
        );
    }
}

std::string candidate_name(const PlanRequest& request) {
    const auto* suffix = request.strategy == StrategyKind::blue_green ? "-preview" : "-canary";
    return request.configuration.app.workload.name + suffix;
}

/// Empty where the course makes none.
std::string baseline_name(const Plan& plan) {
    const bool is_made = std::ranges::any_of(plan.course.steps, [](const Step& step) {
        return std::holds_alternative<CreateBaseline>(step.action);
    });
    return is_made ? plan.workload + "-baseline" : "";
}

void object_to_names(const World& world, PlanDraft& draft) {
    const auto& plan = draft.plan;
    for (const auto slot : slots_beside(plan)) {
        const auto& name = name_of(plan, slot);
        append(draft.refusals, object_to_candidate(world, name, plan.target.app));
    }
}

/// What a release brings besides its pods, as steps around the strategy's.
void use_all_of_release(PlanDraft& draft, const PlanRequest& request) {
    auto& plan = draft.plan;
    append(draft.refusals, use_objects(plan, request.beside.objects));
    append(draft.warnings, request.beside.objects.warnings);
    append(draft.refusals, use_tasks(plan, request.configuration, request.beside.tasks));
    use_removals(plan);
    const auto config = use_config(plan, request.beside.config);
    append(draft.refusals, config.refusals);
    append(draft.warnings, config.warnings);
}

/// ConfigMaps as the release brings them out, before it copies them.
std::vector<Value> said_config(const ObjectInputs& inputs) {
    std::vector<Value> said;
    for (const auto& input : inputs.objects) {
        if (input.object.ref.kind == Kind::config_map && !input.object.said.is_null()) {
            said.push_back(as_applied(input.live, input.object));
        }
    }
    return said;
}

}  // namespace

ConfigQuery config_query(const World& world, const PlanRequest& request) {
    const auto& app = request.configuration.app;
    const auto* live = find_workload(world, app.workload.name);
    return {
        request.target.kube_namespace,
        app.config_objects,
        live == nullptr ? Value() : live->body.at("/spec/template"),
        request.pod_template.value_or(Value()),
        said_config(request.beside.objects),
    };
}

PlanDraft make_plan(const World& world, const PlanRequest& request) {
    const auto& workload = need_workload(world, request);
    const auto& configuration = request.configuration;
    PlanDraft draft;
    auto& plan = draft.plan;
    plan.target = request.target;
    plan.strategy = request.strategy;
    plan.workload = workload.meta.name;
    plan.candidate = candidate_name(request);
    plan.container = need_container(workload, configuration.app.workload);
    plan.release = make_release(workload, plan.container, request);
    plan.scene = make_scene(world, workload, request);
    choose_services(plan.scene, request, draft.refusals);
    const auto* preview = borrowed_preview(world, request);
    if (preview != nullptr) {
        std::erase(plan.scene.services, preview->meta.name);  // it gets no traffic of clients
    }
    plan.snapshot = take_snapshot(world, plan.scene, request, preview);
    plan.course = make_course(plan.scene, request);
    plan.way_back = strategies::going_back(plan.scene, plan.course);
    use_size(draft, request, world);
    plan.baseline = baseline_name(plan);
    if (preview != nullptr) {
        give_back(plan.course.steps, preview->meta.name);
        give_back(plan.way_back, preview->meta.name);
    }
    plan.version_probe = configuration.app.version_probe;
    plan.timeouts = configuration.timeouts;
    plan.confirm = configuration.confirm;
    plan.evidence = configuration.evidence;
    plan.on_failure = request.environment.on_failure.value_or(configuration.on_failure);
    plan.on_interrupt = configuration.on_interrupt;
    auto& steps = plan.course.steps;
    const auto first = first_questions(request.environment, request.emergency_approval);
    if (!steps.empty()) {  // after the record, which whoever goes on with it needs
        steps.insert(steps.begin() + 1, first.begin(), first.end());
    }
    use_all_of_release(draft, request);
    use_gates(plan, configuration);
    use_approvals(plan, configuration);

    const auto slots = slots_of(request);
    const auto scaling = request.scaled_object ? KedaAccess::pausable : KedaAccess::unseen;
    const auto objections = object_to(world, workload, slots, scaling);
    append(draft.refusals, objections.refusals);
    append(draft.refusals, object_to_pins(world, workload, request.target));
    append(draft.warnings, objections.warnings);
    if (slots == Slots::two) {
        object_to_names(world, draft);
    }
    object_to_services(world, request, draft);
    append(draft.refusals, plan.course.refusals);
    append(draft.warnings, cautions(world, plan));
    for (const auto& ref : old_leftovers(plan, world, world.wall)) {
        draft.warnings.push_back(to_text(ref) + ", which an older rollout has left, is removed");
    }
    append(draft.warnings, plan.course.notes);
    draft.is_no_change = plan.release.pod_template == workload.body.at("/spec/template") &&
                         written_objects(plan).empty();
    return draft;
}

}  // namespace deployctl::engine
