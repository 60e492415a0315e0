// SPDX-License-Identifier: Apache-2.0
// What a plan has to know of files and tools for what it does beside its pods: read before it is
// made, frozen in it. Throws ConfigError, Error{usage}.
#pragma once

#include "cli/parts.hpp"
#include "engine/planning.hpp"
#include "engine/preflight.hpp"

namespace deployctl::cli {

Task<engine::TaskInputs> read_task_inputs(Parts* parts, const engine::PlanRequest* request);
/// What hooks run is what it was when the plan was made: their scripts' hashes go into it. Says
/// which cannot be read.
engine::PreflightResult freeze_hooks(Files& files, TasksByName& tasks);

}  // namespace deployctl::cli
