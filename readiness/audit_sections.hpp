// SPDX-License-Identifier: Apache-2.0
// What a report says of scores outside of its table: which section belongs to which row, what the
// parts of a section have, and what the whole is said to have. Pure; any thread.
#pragma once

#include "readiness/audit_document.hpp"
#include "readiness/audit_table.hpp"

#include <vector>

namespace deployctl::readiness {

/// Gives each row the stars of its section's heading, and the scores of its parts.
void add_sections(const ReportDocument& document, std::vector<AuditedRow>& rows);
/// Scores of the whole in headings and in prose, by line.
std::vector<StatedTotal> stated_totals(
    const ReportDocument& document, const std::vector<AuditedRow>& rows
);

}  // namespace deployctl::readiness
