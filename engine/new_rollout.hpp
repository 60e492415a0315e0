// SPDX-License-Identifier: Apache-2.0
// The row of a rollout, from its plan and whoever begins it. Pure.
#pragma once

#include "engine/ports.hpp"
#include "engine/rollout.hpp"

namespace deployctl::engine {

NewRollout make_new(const Ports& ports, const Plan& plan, const RunOptions& options, RolloutId id);

}  // namespace deployctl::engine
