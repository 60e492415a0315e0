// SPDX-License-Identifier: Apache-2.0
// What has changed between two assessments, and what a written report claims beside its own table,
// for people. Pure.
#pragma once

#include "cli/output/style.hpp"
#include "readiness/audit_gap.hpp"
#include "readiness/delta.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

std::string draw(const readiness::Delta& delta, const Style& style);
std::string draw(
    const readiness::Audit& audit,
    const std::vector<readiness::CategoryGap>& gaps,
    const Style& style
);

}  // namespace deployctl::cli
