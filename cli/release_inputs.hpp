// SPDX-License-Identifier: Apache-2.0
// What a plan has to know of a release besides its tag: manifests, hooks, configuration, and what
// the release before has brought out. Reads only. Throws ConfigError, Error{usage}.
#pragma once

#include "cli/parts.hpp"
#include "engine/planning.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

/// Fills the request in; what forbids the plan comes back.
Task<std::vector<std::string>> read_release(
    Parts* parts, ClusterChoice choice, engine::PlanRequest* request, const World* world
);

}  // namespace deployctl::cli
