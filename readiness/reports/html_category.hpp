// SPDX-License-Identifier: Apache-2.0
// One category of an assessment on a page: its state, what is good in it with the evidence, what
// exceeds the standard, what is to be enhanced. Markup; pure; any thread.
#pragma once

#include "readiness/reports/summary.hpp"

#include <string>
#include <vector>

namespace deployctl::readiness {

std::string html_category(const CategoryResult& category, const Settings& settings);
/// What it says, where, and how to mend it.
std::string html_finding(const Rule& rule, const Finding& finding);
/// The first places, and how many more there are.
std::string html_places(const std::vector<const Finding*>& findings);

}  // namespace deployctl::readiness
