// SPDX-License-Identifier: Apache-2.0
// Reads a World from the objects of a simulated cluster with the readers that production uses, and
// reads only those kinds again that have changed. One thread.
#pragma once

#include "model/kubernetes/world.hpp"
#include "tests/fakes/pace.hpp"

#include <set>

namespace deployctl::tests {

class WorldReader {
public:
    explicit WorldReader(Sim sim) : sim_(sim) {}

    void note(const ObjectChange& change);
    const World& world();

    /// True where something that a World shows has changed since `world` was read last.
    bool is_stale() const { return !stale_.empty(); }

private:
    void read(Kind kind);

    Sim sim_;
    World world_;
    std::set<Kind> stale_;
};

}  // namespace deployctl::tests
