// SPDX-License-Identifier: Apache-2.0
// What every report tells of an assessment, whatever its form: which checks are open and what
// mending them would bring, in one order and in the same words. Views into the assessment, which
// has to last as long. Pure; any thread.
#pragma once

#include "model/time.hpp"
#include "readiness/assessment.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace deployctl::readiness {

/// What a report is about, besides the assessment itself.
struct ReportHead {
    std::string app;
    std::string environment;
    std::string program;  ///< its version, "0.1.0"
    WallTime at;
};

/// Of rules: one that has failed anywhere is failed, else not assessed, else waived.
struct CheckCounts {
    int passed = 0;
    int failed = 0;
    int waived = 0;
    int not_assessed = 0;
    int not_applicable = 0;

    int asked() const { return passed + failed + waived + not_assessed; }
};

CheckCounts count_checks(const Assessment& assessment);

struct OpenCheck {
    const RuleResult* result = nullptr;
    std::vector<const Finding*> failed;
    bool blocks = false;
    std::int64_t gain = 0;  ///< hundredths of a point that it brings where all of it is mended
};

/// Blockers first, then what brings the most.
std::vector<OpenCheck> open_checks(const Assessment& assessment);

struct CheckFindings {
    const RuleResult* result = nullptr;
    std::vector<const Finding*> findings;
};

std::vector<const Finding*> findings_with(const RuleResult& result, Outcome outcome);
/// Rules with findings of this outcome, by id.
std::vector<CheckFindings> checks_with(const Assessment& assessment, Outcome outcome);
/// How many subjects they stand for.
int subjects_of(const std::vector<const Finding*>& findings);

/// Of a failure, with its names filled in; of what is not assessed, why.
std::string message_of(const Rule& rule, const Finding& finding);
/// "k8s/web.yaml:14:5"; empty where no file holds it.
std::string place_text(const Place& place);
/// The file and line, else the object.
std::string where_text(const Finding& finding);
/// "91.60"
std::string points_text(std::int64_t hundredths);
/// "91.60", or "71.00 to 88.00".
std::string interval_text(const Interval& interval);
/// "READY", "NOT READY", "INCOMPLETE": what it comes to.
std::string_view verdict_text(const Assessment& assessment);
/// Why it is not ready, a reason each; empty where it is.
std::vector<std::string> reasons(const Assessment& assessment);
/// What stays the same where lines move and values change: of rule and object.
std::string fingerprint(std::string_view rule, std::string_view object);
/// In hundredths of a percent of what was recognised.
std::int64_t coverage_of(const Coverage& coverage);
/// Of the weights that count; two assessments with other weights are on other scales.
std::string weights_digest(const Assessment& assessment);

}  // namespace deployctl::readiness
