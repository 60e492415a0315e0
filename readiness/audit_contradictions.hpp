// SPDX-License-Identifier: Apache-2.0
// Where a report contradicts its table, or itself. Pure; any thread.
#pragma once

#include "readiness/audit.hpp"
#include "readiness/audit_claims.hpp"
#include "readiness/audit_table.hpp"

#include <vector>

namespace deployctl::readiness {

/// The sums and totals of `audit` have to be there.
void add_contradictions(Audit& audit, const std::vector<ScoreTable>& tables, const Claims& claims);

}  // namespace deployctl::readiness
