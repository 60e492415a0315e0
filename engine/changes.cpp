// SPDX-License-Identifier: Apache-2.0
#include "engine/changes.hpp"

#include "model/kubernetes/object.hpp"

namespace deployctl::engine {

namespace {

void append(JsonPatch& patch, const JsonPatch& more) {
    patch.insert(patch.end(), more.begin(), more.end());
}

}  // namespace

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

JsonPatch hold_autoscaler(const Value& autoscaler, int replicas) {
    auto patch = set_field(autoscaler, "/spec/minReplicas", replicas);
    append(patch, set_field(autoscaler, "/spec/maxReplicas", replicas));
    append(patch, set_field(autoscaler, annotation_pointer(mark::held), std::to_string(replicas)));
    return patch;
}

JsonPatch restore_autoscaler(const Value& autoscaler, const Value& original) {
    auto patch = set_field(autoscaler, "/spec/minReplicas", original.at("/spec/minReplicas"));
    append(patch, set_field(autoscaler, "/spec/maxReplicas", original.at("/spec/maxReplicas")));
    append(patch, set_field(autoscaler, annotation_pointer(mark::held), nullptr));
    return patch;
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
