// SPDX-License-Identifier: Apache-2.0
// Whether a stack may be applied by hand now: what a rollout would heed counts for a person, too.
// Throws Error where it may not.
#pragma once

#include "cli/infra_run.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

/// Error{blocked} where the environment is locked, Error{locked} where a rollout is active in it.
/// One that stands still for a person leaves a sentence on it, to be agreed to by name; else empty.
std::string need_quiet_environment(Session& session, const InfraScene& scene);
/// Error{blocked} where the stack names an approval for what it destroys, and whoever runs this
/// cannot give it alone: only a rollout can wait for others.
void need_approver(
    Session& session,
    const InfraScene& scene,
    const std::string& stack,
    const std::vector<std::string>& destroys
);

}  // namespace deployctl::cli
