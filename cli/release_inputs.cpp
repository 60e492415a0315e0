// SPDX-License-Identifier: Apache-2.0
#include "cli/release_inputs.hpp"

#include "cli/manifests.hpp"
#include "cli/task_inputs.hpp"
#include "engine/plan_json.hpp"

namespace deployctl::cli {

namespace {

constexpr int most_rollouts = 50;

bool has_manifests(const Configuration& configuration) {
    const auto& source = configuration.app.manifests;
    return !source.dir.empty() || !source.kustomize.empty();
}

/// The template that the manifests say, as the API server will keep it; what it does not take, and
/// what else the manifests change, is refused.
Task<std::vector<std::string>> use_manifests(
    Parts* parts,
    ClusterChoice choice,
    engine::PlanRequest* request,
    const World* world,
    std::vector<Value> objects
) {
    const auto& app = request->configuration.app;
    const auto manifest = find_manifest(objects, app.workload);
    request->pod_template = manifest.at("/spec/template");
    std::vector<std::string> refusals;
    const auto* live = find_workload(*world, app.workload.name);
    if (live != nullptr) {
        const ObjectRef ref{Kind::deployment, choice.kube_namespace, app.workload.name};
        const JsonPatch change{{PatchVerb::replace, "/spec/template", manifest.at("/spec/template")}
        };
        const auto kept = co_await parts->cluster(choice).rehearse(ref, change);
        if (kept.answer == WriteAnswer::done) {
            request->pod_template = kept.object.at("/spec/template");
        } else {
            refusals.push_back("the API server does not take the pod template: " + kept.message);
        }
        for (const auto& difference : other_differences(manifest, live->body)) {
            refusals.push_back(
                "of Deployment/" + app.workload.name +
                " only the pod template is brought out, and this differs too: " + difference +
                " (apply it first)"
            );
        }
    }
    co_return refusals;
}

/// Of the newest promoted rollout that has brought any out.
Task<std::vector<Value>> last_objects(Store* store, Target target) {
    RolloutFilter filter;
    filter.app = target.app;
    filter.environment = target.environment;
    filter.at_most = most_rollouts;
    const auto rollouts = co_await store->list(filter);
    for (const auto& rollout : rollouts) {
        if (rollout.state != RolloutState::promoted || !(rollout.target == target)) {
            continue;
        }
        const auto recorded = co_await store->plan(rollout.id);
        if (!recorded.items("/release/objects").empty()) {
            co_return recorded.items("/release/objects");
        }
    }
    co_return std::vector<Value>();
}

/// The other objects, where the configuration asks for them.
Task<engine::ObjectInputs> read_other_objects(
    Parts* parts,
    ClusterChoice choice,
    const engine::PlanRequest* request,
    std::vector<Value> manifests
) {
    auto* const store = &parts->journal();
    engine::ObjectQuery query;
    query.kube_namespace = request->target.kube_namespace;
    query.workload = request->configuration.app.workload;
    query.manifests = std::move(manifests);
    query.last = co_await last_objects(store, request->target);
    auto inputs = co_await engine::read_objects(parts->cluster(choice), query);
    co_return inputs;
}

}  // namespace

Task<std::vector<std::string>> read_release(
    Parts* parts, ClusterChoice choice, engine::PlanRequest* request, const World* world
) {
    const auto& app = request->configuration.app;
    std::vector<std::string> refusals;
    if (has_manifests(request->configuration)) {
        auto* const process = &parts->process();
        const auto objects =
            co_await read_manifests(process, app.manifests, request->environment.name);
        refusals = co_await use_manifests(parts, choice, request, world, objects);
        if (app.manifests.apply == ManifestScope::all) {
            request->beside.objects = co_await read_other_objects(parts, choice, request, objects);
        }
    }
    if (request->beside.recorded_objects) {
        const auto objects = *request->beside.recorded_objects;
        request->beside.objects = co_await read_other_objects(parts, choice, request, objects);
    }
    request->beside.tasks = co_await read_task_inputs(parts, request);
    const auto config = engine::config_query(*world, *request);
    request->beside.config = co_await engine::read_config(parts->cluster(choice), config);
    co_return refusals;
}

}  // namespace deployctl::cli
