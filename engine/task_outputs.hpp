// SPDX-License-Identifier: Apache-2.0
// `${infra.STACK.OUTPUT}` in the arguments of hooks: what a stack that the rollout has applied has
// put out. Outputs that are sensitive are told to nobody. Pure; any thread.
#pragma once

#include "model/journal.hpp"
#include "model/placeholders.hpp"
#include "model/plan.hpp"

#include <string>
#include <vector>

namespace deployctl::engine {

/// "infra.data.url" with its text; numbers, lists and maps as JSON.
Placeholders output_names(const std::string& stack, const Value& outputs);

/// Fills in what stacks of the plan have put out, as the journal has it. Comes back with the first
/// placeholder that nobody has told; empty where all are filled in.
std::string fill_outputs(ProgramWork& work, const Plan& plan, const std::vector<Event>& events);

}  // namespace deployctl::engine
