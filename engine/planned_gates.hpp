// SPDX-License-Identifier: Apache-2.0
// The gates of a plan: those that its steps name, frozen with their queries, alpha split over their
// tests, and asked only where they can be answered. Pure.
#pragma once

#include "model/plan.hpp"

#include <map>
#include <string>

namespace deployctl::engine {

/// Throws Error{usage} for a gate that is not configured.
void use_gates(Plan& plan, const Configuration& configuration);
/// A query that is a name in `queries` becomes what stands there.
GateSettings with_named_query(GateSettings gate, const std::map<std::string, std::string>& queries);

}  // namespace deployctl::engine
