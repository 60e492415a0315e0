// SPDX-License-Identifier: Apache-2.0
// Whether the other objects of a release can be brought out, and whether they are. Reads only.
#pragma once

#include "engine/preflight.hpp"

#include <string>
#include <vector>

namespace deployctl::engine {

std::vector<Permission> permissions_for_objects(const Plan& plan);
/// Those that are not as that version has them.
Task<std::vector<std::string>> misfit_objects(Cluster& cluster, Plan plan, Version version);

}  // namespace deployctl::engine
