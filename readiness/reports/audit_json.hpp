// SPDX-License-Identifier: Apache-2.0
// An audit of a written report as data: its rows, the exact sums, and what contradicts them, with
// lines. Pure; any thread.
#pragma once

#include "model/value.hpp"
#include "readiness/audit_gap.hpp"

#include <vector>

namespace deployctl::readiness {

/// `gaps` is empty where nothing was measured.
Value to_value(const Audit& audit, const std::vector<CategoryGap>& gaps);

}  // namespace deployctl::readiness
