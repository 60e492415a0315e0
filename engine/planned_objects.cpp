// SPDX-License-Identifier: Apache-2.0
#include "engine/planned_objects.hpp"

#include "documents/json.hpp"
#include "engine/objections.hpp"
#include "engine/planned_tasks.hpp"
#include "model/kubernetes/workload.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

const std::string stage = "objects";
const std::string end_stage = "verify";  ///< of the way back
constexpr std::string_view helm = "Helm";

Value without_noise(Value object) {
    for (const auto* pointer :
         {"/status", "/metadata/managedFields", "/metadata/resourceVersion"}) {
        object.erase(pointer);
    }
    return object;
}

/// Whom a Service selects is the strategy's to say.
bool is_moved(const Plan& plan, const ObjectRef& ref) {
    return ref.kind == Kind::service && std::ranges::count(plan.scene.services, ref.name) > 0;
}

std::string object_to_owner(const ObjectInput& input, const Plan& plan) {
    if (!input.live) {
        return "";
    }
    const auto meta = read_meta(*input.live);
    const auto title = to_text(input.object.ref);
    const auto manager = meta.labels.find("app.kubernetes.io/managed-by");
    if (manager != meta.labels.end() && manager->second == helm) {
        return title + " belongs to a release of Helm, which would take changes back";
    }
    if (const auto owner = gitops_owner(meta)) {
        return title + " belongs to " + *owner + ", which would take changes back";
    }
    const auto app = meta.annotations.find(mark::app);
    if (app != meta.annotations.end() && app->second != plan.target.app) {
        return title + " belongs to the app " + app->second;
    }
    return "";
}

/// Who gets the traffic of the pods, and when, is the strategy's to say.
std::string object_to_selector(const ObjectInput& input, const Plan& plan) {
    const auto& said = input.object.said.at("/spec/selector");
    if (input.object.ref.kind != Kind::service || said.is_null()) {
        return "";
    }
    const auto labels = read_labels(plan.snapshot.workload.at("/spec/template/metadata/labels"));
    const bool differs = is_moved(plan, input.object.ref)
                             ? !input.live || said != input.live->at("/spec/selector")
                             : selects(read_labels(said), labels);
    return differs ? to_text(input.object.ref) +
                         ": its selector in the manifests is not the one in the cluster, and "
                         "which Services have the pods of " +
                         plan.workload + " is known before a rollout begins: apply it first"
                   : "";
}

std::vector<std::string> object_to(const ObjectInput& input, const Plan& plan) {
    std::vector<std::string> refusals{
        object_to_owner(input, plan), object_to_selector(input, plan)
    };
    std::erase(refusals, "");
    return refusals;
}

std::vector<FieldChange> changes_of(const ObjectInput& input) {
    const bool is_changed = input.live && !input.object.said.is_null();
    return is_changed ? field_changes(*input.live, input.object.said, input.object.gone)
                      : std::vector<FieldChange>{};
}

bool is_as_said(const ObjectInput& input, const std::vector<FieldChange>& changes) {
    return input.live && !input.object.said.is_null() && changes.empty();
}

bool is_shown(const Value& value) {
    return value.is_null() || (!value.is_string() && !value.is_object() && !value.is_array());
}

/// "ConfigMap/web: data/level changed": a text may be a secret, so no text is told.
std::string line_of(const ObjectRef& ref, const FieldChange& change) {
    const auto place = to_text(ref) + ": " + change.pointer.substr(1);
    if (change.before.is_null() || change.after.is_null()) {
        return place + (change.before.is_null() ? " is new" : " is gone");
    }
    return is_shown(change.before) && is_shown(change.after)
               ? place + " " + documents::write_json(change.before) + " -> " +
                     documents::write_json(change.after)
               : place + " changed";
}

void describe(Plan& plan, const ObjectInput& input, const std::vector<FieldChange>& changes) {
    auto& lines = plan.release.changes;
    const auto title = to_text(input.object.ref);
    if (input.object.said.is_null()) {
        lines.push_back(title + " is removed at the end: the release has it no more");
    } else if (!input.live) {
        lines.push_back(title + " is new");
    } else {
        for (const auto& change : changes) {
            lines.push_back(line_of(input.object.ref, change));
        }
    }
}

/// The steps back begin with the strategy's; what pods read is restored once the old ones serve.
std::vector<Step>::iterator before_verification(std::vector<Step>& steps) {
    return std::ranges::find_if(steps, [](const Step& step) { return step.stage == end_stage; });
}

}  // namespace

std::vector<ReleaseObject> objects_of(const Plan& plan) {
    std::vector<ReleaseObject> objects;
    for (const auto& one : plan.release.objects) {
        objects.push_back(read_release_object(one, plan.target.kube_namespace));
    }
    return objects;
}

std::optional<ReleaseObject> find_object(const Plan& plan, const std::string& text) {
    for (auto& object : objects_of(plan)) {
        if (to_text(object.ref) == text) {
            return std::move(object);
        }
    }
    return std::nullopt;
}

const Value& original_of(const Plan& plan, const ObjectRef& ref) {
    static const Value none;
    const auto found = std::ranges::find_if(plan.snapshot.others, [&](const Value& object) {
        return object.text("/kind") + "/" + object.text("/metadata/name") == to_text(ref);
    });
    return found == plan.snapshot.others.end() ? none : *found;
}

std::vector<FieldChange> changes_of(const Plan& plan, const ReleaseObject& object) {
    const auto& original = original_of(plan, object.ref);
    if (original.is_null() || object.said.is_null()) {
        return {};
    }
    return field_changes(original, object.said, object.gone);
}

std::vector<ReleaseObject> written_objects(const Plan& plan) {
    std::vector<ReleaseObject> written;
    for (const auto& step : plan.course.steps) {
        const auto* applied = std::get_if<ApplyObject>(&step.action);
        const auto* removed = std::get_if<RemoveObject>(&step.action);
        if (applied != nullptr || removed != nullptr) {
            const auto& text = applied != nullptr ? applied->object : removed->object;
            if (auto object = find_object(plan, text)) {
                written.push_back(std::move(*object));
            }
        }
    }
    return written;
}

Value make_object(const ReleaseObject& object) {
    auto made = object.said;
    made.set("/metadata/namespace", object.ref.kube_namespace);
    made.erase("/status");
    return made;
}

Value as_new(Value original) {
    for (const auto* pointer :
         {"/status",
          "/metadata/uid",
          "/metadata/resourceVersion",
          "/metadata/creationTimestamp",
          "/metadata/generation",
          "/metadata/managedFields"}) {
        original.erase(pointer);
    }
    return original;
}

std::vector<std::string> use_objects(Plan& plan, const ObjectInputs& inputs) {
    auto refusals = inputs.refusals;
    std::vector<Step> forward;
    std::vector<Step> back;
    for (auto input : inputs.objects) {
        append(refusals, object_to(input, plan));
        if (is_moved(plan, input.object.ref)) {
            input.object.said.erase("/spec/selector");
        }
        plan.release.objects.push_back(to_value(input.object));
        const auto changes = changes_of(input);
        if (is_as_said(input, changes)) {
            continue;
        }
        if (input.live) {
            plan.snapshot.others.push_back(without_noise(*input.live));
        }
        describe(plan, input, changes);
        const auto text = to_text(input.object.ref);
        if (!input.object.said.is_null()) {
            forward.push_back({stage, ApplyObject{text}, {}});
        }
        back.insert(back.begin(), {stage, RestoreObject{text}, {}});
    }
    auto& steps = plan.course.steps;
    if (!steps.empty()) {
        steps.insert(first_change(steps), forward.begin(), forward.end());
        plan.way_back.insert(before_verification(plan.way_back), back.begin(), back.end());
    }
    return refusals;
}

void use_removals(Plan& plan) {
    for (const auto& object : objects_of(plan)) {
        if (object.said.is_null() && !plan.course.steps.empty()) {
            plan.course.steps.push_back({"clean", RemoveObject{to_text(object.ref)}, {}});
        }
    }
}

}  // namespace deployctl::engine
