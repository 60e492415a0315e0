// SPDX-License-Identifier: Apache-2.0
#include "engine/object_inputs.hpp"

#include "engine/delivered_kinds.hpp"
#include "engine/field_changes.hpp"

#include <algorithm>
#include <set>
#include <variant>

namespace deployctl::engine {

namespace {

/// A manifest by its place in the order.
struct Ranked {
    int rank = 0;
    ReleaseObject object;
};

std::string title_of(const Value& manifest) {
    return manifest.text("/kind") + "/" + manifest.text("/metadata/name");
}

bool is_workload(const Value& manifest, const WorkloadSettings& workload) {
    return manifest.view("/kind") == workload.kind &&
           manifest.view("/metadata/name") == workload.name;
}

class Sorting {
public:
    explicit Sorting(const ObjectQuery& query) : query_(query) {}

    void take_manifests(ObjectInputs& inputs) {
        for (const auto& manifest : query_.manifests) {
            if (!is_workload(manifest, query_.workload)) {
                take(manifest, inputs);
            }
        }
    }

    void take_removed() {
        for (const auto& last : query_.last) {
            auto object = read_release_object(last, query_.kube_namespace);
            const bool is_known = object.said.is_null() || known_.contains(object.ref);
            const auto kind = delivered_kind(last.text("/api_version"), last.text("/kind"));
            if (!is_known && kind) {
                found_.push_back({-kind->rank, {object.ref, Value(), {}}});
            }
        }
    }

    std::vector<Ranked> in_order() {
        std::ranges::stable_sort(found_, {}, &Ranked::rank);
        return std::move(found_);
    }

private:
    void take(const Value& manifest, ObjectInputs& inputs) {
        const auto kind = delivered_kind(manifest.text("/apiVersion"), manifest.text("/kind"));
        const auto title = title_of(manifest);
        if (!kind) {
            inputs.warnings.push_back(
                title + " is not brought out by deployctl: where it has changed, apply it first"
            );
            return;
        }
        const auto own_namespace = manifest.text("/metadata/namespace", query_.kube_namespace);
        if (own_namespace != query_.kube_namespace) {
            inputs.refusals.push_back(
                title + " of the manifests is for namespace " + own_namespace +
                ", and the rollout is in " + query_.kube_namespace
            );
            return;
        }
        auto ref = kind->ref;
        ref.kube_namespace = query_.kube_namespace;
        ref.name = manifest.text("/metadata/name");
        if (!known_.insert(ref).second) {
            inputs.refusals.push_back(title + " stands in the manifests twice");
            return;
        }
        found_.push_back({kind->rank, {ref, manifest, places_gone(said_before(ref), manifest)}});
    }

    Value said_before(const ObjectRef& ref) const {
        for (const auto& last : query_.last) {
            const auto object = read_release_object(last, query_.kube_namespace);
            if (object.ref == ref) {
                return object.said;
            }
        }
        return {};
    }

    const ObjectQuery& query_;
    std::set<ObjectRef> known_;
    std::vector<Ranked> found_;
};

}  // namespace

Value to_value(const ReleaseObject& object) {
    const bool is_other = object.ref.kind == Kind::other;
    return Value::map({
        {"api_version",
         is_other ? object.ref.other.api_version : std::string(info(object.ref.kind).api_version)},
        {"kind", is_other ? object.ref.other.name : std::string(info(object.ref.kind).name)},
        {"name", object.ref.name},
        {"said", object.said},
        {"gone", lines_value(object.gone)},
    });
}

ReleaseObject read_release_object(const Value& value, const std::string& kube_namespace) {
    ReleaseObject object;
    if (const auto kind = delivered_kind(value.text("/api_version"), value.text("/kind"))) {
        object.ref = kind->ref;
    }
    object.ref.kube_namespace = kube_namespace;
    object.ref.name = value.text("/name");
    object.said = value.at("/said");
    object.gone = read_lines(value.at("/gone"));
    return object;
}

namespace {

/// The API server writes some values in its own way, and completes lists: what it would keep is
/// what is compared from now on.
Task<> complete(Cluster* cluster, ObjectInput* input, std::vector<std::string>* refusals) {
    auto& said = input->object.said;
    const auto changes = field_changes(*input->live, said, input->object.gone);
    if (changes.empty()) {
        co_return;
    }
    const auto patch = patch_to(*input->live, changes, Side::after);
    const auto reply = co_await cluster->rehearse(input->object.ref, patch);
    if (reply.answer == WriteAnswer::invalid) {
        refusals->push_back(
            "the API server does not take " + to_text(input->object.ref) + ": " + reply.message
        );
    }
    if (reply.answer != WriteAnswer::done) {
        co_return;
    }
    for (const auto& change : changes) {
        if (!change.after.is_null()) {
            said.set(change.pointer, reply.object.at(change.pointer));
        }
    }
}

}  // namespace

Task<ObjectInputs> read_objects(Cluster& cluster, ObjectQuery query) {
    ObjectInputs inputs;
    Sorting sorting(query);
    if (!query.manifests.empty()) {
        sorting.take_manifests(inputs);
        sorting.take_removed();
    }
    const auto sorted = sorting.in_order();
    auto* const asked = &cluster;
    for (const auto& one : sorted) {
        const auto live = co_await cluster.get(one.object.ref);
        ObjectInput input{one.object, live};
        if (live && !one.object.said.is_null()) {
            auto* const read = &input;
            auto* const refusals = &inputs.refusals;
            co_await complete(asked, read, refusals);
        }
        if (live || !one.object.said.is_null()) {
            inputs.objects.push_back(std::move(input));
        }
    }
    co_return inputs;
}

Value as_applied(const std::optional<Value>& live, const ReleaseObject& object) {
    if (!live) {
        return object.said;
    }
    const auto changes = field_changes(*live, object.said, object.gone);
    const auto patch = patch_to(*live, changes, Side::after);
    const auto applied = apply(patch, *live);
    const auto* made = std::get_if<Value>(&applied);
    return made == nullptr ? *live : *made;
}

}  // namespace deployctl::engine
