// SPDX-License-Identifier: Apache-2.0
// One look at the world that is never older than what this run has read or written itself: a watch
// may lag behind our own patch, and a decision on the world before it would be a decision on the
// past. One a run; engine's thread. Throws Error{stopped_watching} where the watches do not catch
// up.
#pragma once

#include "model/kubernetes/object.hpp"
#include "model/kubernetes/world.hpp"
#include "ports/clock.hpp"
#include "ports/cluster.hpp"

#include <map>
#include <string>

namespace deployctl::engine {

class Look {
public:
    Look(Cluster& cluster, Clock& clock);

    Task<World> fresh();
    /// `object` was read or written by us: every later look has to show it, or something newer.
    void note(const ObjectRef& ref, const Value& object);

private:
    bool has_caught_up(const World& world) const;
    Task<> forget_deleted(World world);

    Cluster& cluster_;
    Clock& clock_;
    std::map<ObjectRef, std::string> seen_;  // resource versions
};

/// Whether resource version `left` is older; versions are decimal numbers, compared as such.
bool is_older(const std::string& left, const std::string& right);

}  // namespace deployctl::engine
