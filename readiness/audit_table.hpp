// SPDX-License-Identifier: Apache-2.0
// Which table of a report is its table of scores, and what its columns mean. Pure; any thread.
#pragma once

#include "readiness/audit.hpp"
#include "readiness/audit_document.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

struct ScoreTable {
    int line = 0;
    bool is_weighted = false;
    bool is_cut = false;
    std::vector<AuditedRow> rows;
    std::vector<StatedTotal> totals;  ///< of rows that are the sum of the others
};

/// In the order of the report.
std::vector<ScoreTable> score_tables(const ReportDocument& document);

/// A score of 100: "95/100", "95 %", "95", "4.5/5". Nothing for what is none, or above 100.
std::optional<Decimal> read_score(std::string_view plain);
/// "15%", "0.15", "15".
std::optional<Decimal> read_weight(std::string_view plain);

}  // namespace deployctl::readiness
