// SPDX-License-Identifier: Apache-2.0
// What has failed as SARIF 2.1.0, for code scanning: each finding on its line, rules with why and
// how to mend, fingerprints that stay where lines move, waivers as suppressions, unread files as
// notifications. Pure; any thread.
#pragma once

#include "model/value.hpp"
#include "readiness/reports/summary.hpp"

namespace deployctl::readiness {

Value sarif_of(const Assessment& assessment, const ReportHead& head);

}  // namespace deployctl::readiness
