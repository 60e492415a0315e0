// SPDX-License-Identifier: Apache-2.0
// An assessment as data (docs/formats/assessment.md): each point with its evidence, exact. The same
// for the same tree but for the time. A gate of type `readiness` can read it. Pure; any thread.
#pragma once

#include "model/value.hpp"
#include "readiness/reports/summary.hpp"

namespace deployctl::readiness {

Value to_value(const Assessment& assessment, const ReportHead& head);

}  // namespace deployctl::readiness
