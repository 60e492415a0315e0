// SPDX-License-Identifier: Apache-2.0
// The steps of an app's first deploy.yaml, so long that each hold can see something at the traffic
// that a metrics source tells (analysis/power.hpp). Asks it once; what it does not say is told.
#pragma once

#include "analysis/counts.hpp"
#include "config/initial.hpp"
#include "ports/metrics.hpp"
#include "ports/task.hpp"

#include <string>

namespace deployctl::cli {

/// Pure: by what was counted in these last minutes.
inline constexpr Duration counted_minutes = minutes(5);
void propose_steps(config::InitialTraffic& traffic, const analysis::Counts& counted);

/// With the pods of the Deployment for `${pods}`.
Task<config::InitialTraffic> look_at_traffic(
    Metrics* metrics, config::InitialTraffic asked, std::string workload
);

}  // namespace deployctl::cli
