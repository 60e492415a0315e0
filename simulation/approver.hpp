// SPDX-License-Identifier: Apache-2.0
// Somebody at another shell who says yes to what a rollout asks. One thread.
#pragma once

#include "model/rollout.hpp"
#include "simulation/theatre.hpp"

namespace deployctl::simulation {

/// Where it waits for an approval at present, in the one journal that all runners share.
void approve_if_asked(Theatre& theatre, const RolloutRecord& record);

}  // namespace deployctl::simulation
