// SPDX-License-Identifier: Apache-2.0
// Reads a World from the objects of a simulated cluster with the readers that production uses, and
// reads only those kinds again that have changed. One thread.
#pragma once

#include "model/kubernetes/world.hpp"
#include "simcluster/pace.hpp"

#include <set>

namespace deployctl::simcluster {

class WorldReader {
public:
    explicit WorldReader(Sim sim) : sim_(sim) {}

    /// This kind has changed: it is read again before `world` answers.
    void mark(Kind kind) { stale_.insert(kind); }

    const World& world();

    /// True where something was marked since `world` was read last.
    bool is_stale() const { return !stale_.empty(); }

private:
    void read(Kind kind);

    Sim sim_;
    World world_;
    std::set<Kind> stale_;
};

/// The watches of one client: what `world` shows lags behind the objects, each kind by itself. The
/// first look lists everything.
class Watches {
public:
    explicit Watches(Sim sim) : sim_(sim), reader_(sim) {}

    void note(const ObjectChange& change);
    const World& look();

    bool has_news() const { return reader_.is_stale(); }

private:
    Sim sim_;
    WorldReader reader_;
    std::set<Kind> on_the_way_;
    bool is_started_ = false;
};

/// Whether a World shows objects of the kind.
bool is_shown(Kind kind);

}  // namespace deployctl::simcluster
