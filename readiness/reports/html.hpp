// SPDX-License-Identifier: Apache-2.0
// An assessment as one page: no script, nothing from elsewhere, a policy of contents that lets its
// own style and nothing else in, charts as SVG. Summary, trend, categories with strengths and
// evidence, what exceeds the standard, what is to be enhanced and by when, conclusion. Pure; any
// thread.
#pragma once

#include "readiness/reports/charts.hpp"
#include "readiness/reports/summary.hpp"

#include <string>
#include <vector>

namespace deployctl::readiness {

/// `history` begins with the oldest; this assessment is not in it.
std::string html_of(
    const Assessment& assessment, const ReportHead& head, std::vector<TrendPoint> history = {}
);

}  // namespace deployctl::readiness
