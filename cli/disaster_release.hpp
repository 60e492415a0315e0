// SPDX-License-Identifier: Apache-2.0
// The version of a failover, brought out in the environment that takes over: an ordinary rollout,
// or the one that is under way there. Throws Error for what makes it impossible.
#pragma once

#include "cli/running.hpp"
#include "engine/disaster.hpp"

#include <string>

namespace deployctl::cli {

engine::StageEnd bring_out(
    Session& session,
    const Configuration& configuration,
    const RunChoices& choices,
    const engine::DisasterPlan& plan,
    const std::string& environment
);

}  // namespace deployctl::cli
