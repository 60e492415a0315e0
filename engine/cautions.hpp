// SPDX-License-Identifier: Apache-2.0
// What does not stop a rollout and costs requests or an upgrade of the nodes later: facts from the
// next version's pod template and one look at the world, one line each. Pure.
#pragma once

#include "model/kubernetes/world.hpp"
#include "model/plan.hpp"

#include <string>
#include <vector>

namespace deployctl::engine {

std::vector<std::string> cautions(const World& world, const Plan& plan);

}  // namespace deployctl::engine
