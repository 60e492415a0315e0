// SPDX-License-Identifier: Apache-2.0
// The objects of a simulated cluster as the API server keeps them: each with uid, resource version
// (one counter for all), generation and time of creation. Whoever subscribes hears of each change
// at once and must not change anything itself, only make a note of it. One thread.
#pragma once

#include "model/kubernetes/object.hpp"
#include "simcluster/serial_ids.hpp"
#include "simcluster/virtual_clock.hpp"

#include <array>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace deployctl::simcluster {

/// One object before and after; null where it was not, or is no longer, there.
struct ObjectChange {
    const ObjectRef& ref;
    const Value* before;
    const Value* after;
};

class ObjectTable {
public:
    explicit ObjectTable(VirtualClock& clock) : clock_(clock) {}

    const Value* find(const ObjectRef& ref) const;
    /// By name.
    std::vector<const Value*> all(Kind kind) const;
    std::vector<const Value*> owned_by(Kind kind, const std::string& uid) const;

    /// The object as it stands now, with all that the server adds.
    const Value& insert(const ObjectRef& ref, Value object);
    /// False where nothing differs: then there is no new version either.
    bool replace(const ObjectRef& ref, Value next);
    void erase(const ObjectRef& ref);

    void subscribe(std::function<void(const ObjectChange&)> listener) {
        listeners_.push_back(std::move(listener));
    }

    std::int64_t revision() const { return revision_; }

private:
    struct Kept {
        Value object;
        std::vector<std::string> owners;  ///< their uids
    };

    /// Of one kind: the name tells nearly all of them apart.
    struct ByName {
        bool operator()(const ObjectRef& one, const ObjectRef& other) const {
            return std::tie(one.name, one.kube_namespace) <
                   std::tie(other.name, other.kube_namespace);
        }
    };

    using Shelf = std::map<ObjectRef, Kept, ByName>;

    Shelf& shelf(Kind kind) { return shelves_.at(static_cast<std::size_t>(kind)); }

    const Shelf& shelf(Kind kind) const { return shelves_.at(static_cast<std::size_t>(kind)); }

    void tell(const ObjectRef& ref, const Value* before, const Value* after) const;
    std::string next_version();

    VirtualClock& clock_;
    SerialIds uids_{0xc1};
    std::int64_t revision_ = 0;
    std::array<Shelf, static_cast<std::size_t>(Kind::other) + 1> shelves_;  ///< by kind
    std::vector<std::function<void(const ObjectChange&)>> listeners_;
};

/// For "ownerReferences": the object controls what carries it.
Value owner_reference(const Value& owner);
ObjectRef ref_of(Kind kind, const Value& object);

}  // namespace deployctl::simcluster
