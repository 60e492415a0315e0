// SPDX-License-Identifier: Apache-2.0
// From `--fail` to what goes wrong in a rehearsal: "pod-crash@step2", "errors=20%". Throws
// Error{usage}. Pure.
#pragma once

#include "cli/form.hpp"
#include "simulation/trouble.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

/// May be said several times.
ValueReader into(std::vector<simulation::Trouble>& troubles);
/// Those that are known, with what they take: one a line, for the description.
std::string known_troubles();
/// Refuses a step that the plan does not have.
void need_steps(const std::vector<simulation::Trouble>& troubles, int steps);

}  // namespace deployctl::cli
