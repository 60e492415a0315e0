// SPDX-License-Identifier: Apache-2.0
#include "engine/changes.hpp"

#include "model/kubernetes/object.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

constexpr std::string_view paused_by_keda = "autoscaling.keda.sh/paused-replicas";
constexpr auto target_name = "/spec/scaleTargetRef/name";

void append(JsonPatch& patch, const JsonPatch& more) {
    patch.insert(patch.end(), more.begin(), more.end());
}

JsonPatch set_limits(const Value& autoscaler, const Value& least, const Value& most) {
    auto patch = set_field(autoscaler, "/spec/minReplicas", least);
    append(patch, set_field(autoscaler, "/spec/maxReplicas", most));
    return patch;
}

}  // namespace

JsonPatch no_change(const Value&) {
    return {};
}

JsonPatch set_field(const Value& object, const std::string& pointer, const Value& wanted) {
    const auto& present = object.at(pointer);
    if (present == wanted) {
        return {};
    }
    if (wanted.is_null()) {
        return {{PatchVerb::test, pointer, present}, {PatchVerb::remove, pointer}};
    }
    if (!object.has(pointer)) {
        return {{PatchVerb::test, pointer, nullptr}, {PatchVerb::add, pointer, wanted}};
    }
    return {{PatchVerb::test, pointer, present}, {PatchVerb::replace, pointer, wanted}};
}

JsonPatch set_replicas(const Value& workload, int replicas) {
    return set_field(workload, "/spec/replicas", replicas);
}

JsonPatch raise_replicas(const Value& workload, int replicas) {
    const bool is_enough = workload.number("/spec/replicas", 1) >= replicas;
    return is_enough ? JsonPatch{} : set_replicas(workload, replicas);
}

JsonPatch set_template(
    const Value& workload, const Value& pod_template, std::optional<int> replicas
) {
    auto patch = set_field(workload, "/spec/template", pod_template);
    if (replicas) {
        append(patch, set_replicas(workload, *replicas));
    }
    return patch;
}

JsonPatch set_selector(const Value& service, const Labels& selector) {
    return set_field(service, "/spec/selector", to_value(selector));
}

JsonPatch hold_autoscaler(const Value& autoscaler, int replicas, const std::string& workload) {
    const auto size = std::to_string(replicas);
    JsonPatch patch;
    if (is_scaled_object(autoscaler)) {
        patch = set_field(autoscaler, annotation_pointer(paused_by_keda), size);
    } else {
        patch = set_limits(autoscaler, replicas, replicas);
        append(patch, set_field(autoscaler, target_name, workload));
    }
    append(patch, set_field(autoscaler, annotation_pointer(mark::held), size));
    return patch;
}

JsonPatch move_autoscaler(
    const Value& autoscaler,
    const Value& original,
    const MoveAutoscaler& action,
    const std::string& workload
) {
    const auto least = action.replicas;
    const auto most = std::max<std::int64_t>(original.number("/spec/maxReplicas"), least);
    auto patch = set_limits(autoscaler, least, most);
    append(patch, set_field(autoscaler, target_name, workload));
    append(patch, set_field(autoscaler, annotation_pointer(mark::held), std::to_string(least)));
    return patch;
}

JsonPatch restore_autoscaler(const Value& autoscaler, const Value& original) {
    JsonPatch patch;
    if (is_scaled_object(autoscaler)) {
        const auto pointer = annotation_pointer(paused_by_keda);
        patch = set_field(autoscaler, pointer, original.at(pointer));
    } else {
        patch = set_limits(
            autoscaler, original.at("/spec/minReplicas"), original.at("/spec/maxReplicas")
        );
        append(patch, set_field(autoscaler, target_name, original.at(target_name)));
    }
    append(patch, set_field(autoscaler, annotation_pointer(mark::held), nullptr));
    return patch;
}

std::string limits_of(const Value& autoscaler) {
    const bool is_kedas = is_scaled_object(autoscaler);
    const auto* least = is_kedas ? "/spec/minReplicaCount" : "/spec/minReplicas";
    const auto* most = is_kedas ? "/spec/maxReplicaCount" : "/spec/maxReplicas";
    return std::to_string(autoscaler.number(least, is_kedas ? 0 : 1)) + ".." +
           std::to_string(autoscaler.number(most));
}

bool is_held(const Value& autoscaler) {
    return autoscaler.has(annotation_pointer(mark::held));
}

bool is_scaled_object(const Value& autoscaler) {
    return autoscaler.view("/kind") == info(Kind::scaled_object).name;
}

JsonPatch reuse_candidate(const Value& candidate, const Value& wanted) {
    JsonPatch patch;
    Value::Object fields = candidate.members("/spec");
    fields.insert(wanted.members("/spec").begin(), wanted.members("/spec").end());
    fields.erase("selector");  // cannot be changed
    for (const auto& [key, value] : fields) {
        const auto pointer = "/spec/" + escape_pointer(key);
        append(patch, set_field(candidate, pointer, wanted.at(pointer)));
    }
    append(patch, set_field(candidate, annotation_pointer(mark::tombstone), nullptr));
    return patch;
}

JsonPatch retire(const Value& workload, const std::string& when) {
    auto patch = set_replicas(workload, 0);
    const auto pointer = annotation_pointer(mark::tombstone);
    if (!patch.empty() || !workload.has(pointer)) {
        patch.push_back({PatchVerb::add, pointer, when});
    }
    return patch;
}

}  // namespace deployctl::engine
