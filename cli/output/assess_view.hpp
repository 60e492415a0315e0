// SPDX-License-Identifier: Apache-2.0
// An assessment for people at a terminal: the score with its interval, the categories, what blocks,
// what mending would bring, what nobody could see. Pure.
#pragma once

#include "cli/output/style.hpp"
#include "model/value.hpp"
#include "readiness/reports/summary.hpp"

#include <string>

namespace deployctl::cli {

enum class Detail { summary, all };

std::string draw(
    const readiness::Assessment& assessment,
    const readiness::ReportHead& head,
    const Style& style,
    Detail detail
);

/// One check, and what it has found where it was asked.
std::string draw_check(const readiness::RuleResult& result, const Style& style);

/// All checks, a line each.
std::string draw_checks(const readiness::RulePack& pack, const Style& style);
Value checks_value(const readiness::RulePack& pack);

}  // namespace deployctl::cli
