// SPDX-License-Identifier: Apache-2.0
// What `assess` tells: a report in the format that was asked for, to the terminal or into a file,
// and the exit code that goes with it. Throws Error{usage} where the file cannot be written, or an
// earlier assessment cannot be read. One thread.
#pragma once

#include "cli/exit_codes.hpp"
#include "cli/session.hpp"
#include "readiness/assessment.hpp"
#include "readiness/delta.hpp"
#include "readiness/reports/summary.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::cli {

/// All that a report is made of.
struct Assessed {
    readiness::Assessment assessment;
    readiness::ReportHead head;
    std::optional<readiness::Delta> delta;
};

struct ReportTarget {
    std::string out;                   ///< a file; empty: the terminal
    std::vector<std::string> history;  ///< earlier scores (assess_history.hpp), for a page's trend
};

/// Of the formats that are one text; yaml and ndjson are not.
std::string report_text(
    Session& session, const Assessed& assessed, const std::vector<std::string>& history
);
/// A report goes into the file that was named, and the text for people to the terminal.
void tell(Session& session, const Assessed& assessed, const ReportTarget& target);
/// Of the assessment alone, without what it is compared with.
ExitCode exit_of(const readiness::Assessment& assessment);

}  // namespace deployctl::cli
