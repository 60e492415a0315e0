// SPDX-License-Identifier: Apache-2.0
// What a release does beside its pods, for people who look at its plan. Pure.
#pragma once

#include "cli/output/style.hpp"
#include "model/plan.hpp"

#include <string>

namespace deployctl::cli {

/// A table in the order of the steps, those of the way back last; empty where there is nothing.
std::string task_lines(const Plan& plan, const Style& style);

}  // namespace deployctl::cli
