// SPDX-License-Identifier: Apache-2.0
#include "simcluster/object_table.hpp"

#include <algorithm>
#include <stdexcept>

namespace deployctl::simcluster {

const Value* ObjectTable::find(const ObjectRef& ref) const {
    const auto found = objects_.find(ref);
    return found == objects_.end() ? nullptr : &found->second;
}

std::vector<const Value*> ObjectTable::all(Kind kind) const {
    std::vector<const Value*> objects;
    for (auto place = objects_.lower_bound({kind, "", ""}); place != objects_.end(); ++place) {
        if (place->first.kind != kind) {
            break;
        }
        objects.push_back(&place->second);
    }
    return objects;
}

std::vector<const Value*> ObjectTable::owned_by(Kind kind, const std::string& uid) const {
    auto objects = all(kind);
    std::erase_if(objects, [&](const Value* object) { return !is_owned_by(*object, uid); });
    return objects;
}

const Value& ObjectTable::insert(const ObjectRef& ref, Value object) {
    object.set("/apiVersion", info(ref.kind).api_version);
    object.set("/kind", info(ref.kind).name);
    object.set("/metadata/name", ref.name);
    if (!ref.kube_namespace.empty()) {
        object.set("/metadata/namespace", ref.kube_namespace);
    }
    object.set("/metadata/uid", uids_.next());
    object.set("/metadata/resourceVersion", next_version());
    object.set("/metadata/generation", 1);
    const auto created = std::chrono::floor<seconds>(clock_.server_time());
    object.set("/metadata/creationTimestamp", to_rfc3339(created));
    const auto [place, is_new] = objects_.emplace(ref, std::move(object));
    if (!is_new) {
        throw std::logic_error(to_text(ref) + " is there already");
    }
    tell(place->first, nullptr, &place->second);
    return place->second;
}

bool ObjectTable::replace(const ObjectRef& ref, Value next) {
    auto& present = objects_.at(ref);
    if (next == present) {
        return false;
    }
    if (next.at("/spec") != present.at("/spec")) {
        next.set("/metadata/generation", present.number("/metadata/generation") + 1);
    }
    next.set("/metadata/resourceVersion", next_version());
    const auto before = std::exchange(present, std::move(next));
    tell(ref, &before, &present);
    return true;
}

void ObjectTable::erase(const ObjectRef& ref) {
    const auto node = objects_.extract(ref);
    if (node.empty()) {
        return;
    }
    ++revision_;
    tell(node.key(), &node.mapped(), nullptr);
}

void ObjectTable::tell(const ObjectRef& ref, const Value* before, const Value* after) const {
    const ObjectChange change{ref, before, after};
    for (const auto& listener : listeners_) {
        listener(change);
    }
}

std::string ObjectTable::next_version() {
    return std::to_string(++revision_);
}

Value owner_reference(const Value& owner) {
    return Value::map({
        {"apiVersion", owner.at("/apiVersion")},
        {"kind", owner.at("/kind")},
        {"name", owner.at("/metadata/name")},
        {"uid", owner.at("/metadata/uid")},
        {"controller", true},
        {"blockOwnerDeletion", true},
    });
}

bool is_owned_by(const Value& object, const std::string& uid) {
    return std::ranges::any_of(object.items("/metadata/ownerReferences"), [&](const Value& owner) {
        return owner.view("/uid") == uid;
    });
}

ObjectRef ref_of(Kind kind, const Value& object) {
    return {kind, object.text("/metadata/namespace"), object.text("/metadata/name")};
}

}  // namespace deployctl::simcluster
