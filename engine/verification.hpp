// SPDX-License-Identifier: Apache-2.0
// Whether the world is as a finished rollout leaves it. Reads only; every difference is a line.
#pragma once

#include "model/plan.hpp"
#include "ports/clock.hpp"
#include "ports/cluster.hpp"

#include <string>
#include <vector>

namespace deployctl::engine {

/// Templates, selectors and limits; sizes and readiness are a condition (`serves_in_full`). What an
/// API server that lags behind shows is not the end of a rollout: a problem has to last 2 s.
Task<std::vector<std::string>> verify(Cluster& cluster, Clock& clock, Plan plan, Version version);

/// Whether clients reach ready pods of a version that is known to be good: the end of a failed way
/// back is judged by it.
bool traffic_is_safe(const Plan& plan, const World& world);

}  // namespace deployctl::engine
