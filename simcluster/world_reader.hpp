// SPDX-License-Identifier: Apache-2.0
// Reads a World from the objects of a simulated cluster with the readers that production uses, and
// reads only those objects again that have changed. One thread.
#pragma once

#include "model/kubernetes/world.hpp"
#include "simcluster/pace.hpp"

#include <set>

namespace deployctl::simcluster {

/// What is there at this moment.
class WorldReader {
public:
    explicit WorldReader(Sim sim) : sim_(sim) {}

    /// This object has changed: it is read again before `world` answers.
    void mark(const ObjectRef& ref) { stale_.insert(ref); }

    const World& world();

private:
    void read(const ObjectRef& ref);
    void read_all_endpoints();
    void read_all_notices();

    Sim sim_;
    World world_;
    std::set<ObjectRef> stale_;
};

/// The watches of one client: what they show lags behind the truth, each kind by itself. The first
/// look lists everything.
class Watches {
public:
    Watches(Sim sim, WorldReader& truth) : sim_(sim), truth_(truth) {}

    void note(const ObjectChange& change);
    const World& look();

    /// True where something has come in since the last look.
    bool has_news() const { return !come_in_.empty(); }

private:
    Sim sim_;
    WorldReader& truth_;
    World seen_;
    std::set<Kind> on_the_way_;
    std::set<Kind> come_in_;
    bool is_started_ = false;
};

/// Whether a World shows objects of the kind.
bool is_shown(Kind kind);

}  // namespace deployctl::simcluster
