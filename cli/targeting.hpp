// SPDX-License-Identifier: Apache-2.0
// Which environment, and so which context and namespace, is meant. A wrong one is never taken
// silently: several and none named, a protected one not named, a context that is another's are
// Error{usage}. Pure.
#pragma once

#include "cli/globals.hpp"
#include "cli/parts.hpp"
#include "model/settings.hpp"

namespace deployctl::cli {

Environment choose_environment(const Configuration& configuration, const Place& place);
ClusterChoice cluster_of(const Environment& environment);

}  // namespace deployctl::cli
