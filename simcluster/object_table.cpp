// SPDX-License-Identifier: Apache-2.0
#include "simcluster/object_table.hpp"

#include <algorithm>
#include <stdexcept>

namespace deployctl::simcluster {

namespace {

constexpr Pointer owner_references = "/metadata/ownerReferences";

std::vector<std::string> owners_of(const Value& object) {
    std::vector<std::string> uids;
    for (const auto& owner : object.items(owner_references)) {
        uids.push_back(owner.text("/uid"));
    }
    return uids;
}

}  // namespace

const Value* ObjectTable::find(const ObjectRef& ref) const {
    const auto& objects = shelf(ref.kind);
    const auto found = objects.find(ref);
    return found == objects.end() ? nullptr : &found->second.object;
}

std::vector<const Value*> ObjectTable::all(Kind kind) const {
    std::vector<const Value*> objects;
    objects.reserve(shelf(kind).size());
    for (const auto& [ref, kept] : shelf(kind)) {
        objects.push_back(&kept.object);
    }
    return objects;
}

std::vector<const Value*> ObjectTable::owned_by(Kind kind, const std::string& uid) const {
    std::vector<const Value*> objects;
    for (const auto& [ref, kept] : shelf(kind)) {
        if (std::ranges::count(kept.owners, uid) > 0) {
            objects.push_back(&kept.object);
        }
    }
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
    auto owners = owners_of(object);
    const auto [place, is_new] =
        shelf(ref.kind).emplace(ref, Kept{std::move(object), std::move(owners)});
    if (!is_new) {
        throw std::logic_error(to_text(ref) + " is there already");
    }
    tell(place->first, nullptr, &place->second.object);
    return place->second.object;
}

bool ObjectTable::replace(const ObjectRef& ref, Value next) {
    auto& [present, owners] = shelf(ref.kind).at(ref);
    if (next == present) {
        return false;
    }
    if (next.at("/spec") != present.at("/spec")) {
        next.set("/metadata/generation", present.number("/metadata/generation") + 1);
    }
    next.set("/metadata/resourceVersion", next_version());
    if (next.at(owner_references) != present.at(owner_references)) {
        owners = owners_of(next);
    }
    const auto before = std::exchange(present, std::move(next));
    tell(ref, &before, &present);
    return true;
}

void ObjectTable::erase(const ObjectRef& ref) {
    const auto node = shelf(ref.kind).extract(ref);
    if (node.empty()) {
        return;
    }
    ++revision_;
    tell(node.key(), &node.mapped().object, nullptr);
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

ObjectRef ref_of(Kind kind, const Value& object) {
    return {kind, object.text("/metadata/namespace"), object.text("/metadata/name")};
}

}  // namespace deployctl::simcluster
