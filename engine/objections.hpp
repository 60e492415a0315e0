// SPDX-License-Identifier: Apache-2.0
// What speaks against a rollout of this workload by this strategy, from one look at the world.
// Pure. Each objection says what stands in the way and what to do.
#pragma once

#include "model/kubernetes/world.hpp"
#include "model/plan.hpp"

#include <string>
#include <vector>

namespace deployctl::engine {

enum class Slots { one, two };

struct Objections {
    std::vector<std::string> refusals;
    std::vector<std::string> warnings;
};

Objections object_to(const World& world, const Workload& workload, Slots slots);
/// Services of the workload that a rollout has left pinned: no baseline to return to.
std::vector<std::string> object_to_pins(
    const World& world, const Workload& workload, const Target& target
);
/// A workload of the candidate's name that is not ours.
std::vector<std::string> object_to_candidate(
    const World& world, const std::string& candidate, const std::string& app
);

}  // namespace deployctl::engine
