// SPDX-License-Identifier: Apache-2.0
// An assessment as JUnit's XML, for CI systems: a suite for each category, a case for each check
// that was asked, and one for the score itself. What is waived or not assessed is skipped, which is
// no pass. Pure; any thread.
#pragma once

#include "readiness/reports/summary.hpp"

#include <string>

namespace deployctl::readiness {

std::string junit_of(const Assessment& assessment, const ReportHead& head);

}  // namespace deployctl::readiness
