// SPDX-License-Identifier: Apache-2.0
// The steps of an app's first deploy.yaml, so long that each hold can see something at the traffic
// that a metrics source tells (analysis/power.hpp). Asks it once; what it does not say is told. A
// selector that it refuses is an Error{usage}: no gate could ever ask it.
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

struct InitialPods {
    std::string workload;        ///< the Deployment's name, of which its pods' names are made
    std::string kube_namespace;  ///< of series that say theirs; empty: it is not known
};

/// With the pods of the Deployment for `${pods}`.
Task<config::InitialTraffic> look_at_traffic(
    Metrics* metrics, config::InitialTraffic asked, InitialPods pods
);

}  // namespace deployctl::cli
