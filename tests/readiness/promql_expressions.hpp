// SPDX-License-Identifier: Apache-2.0
// Expressions of PromQL that are right, and that are wrong, as promtool 2.42 has it.
#pragma once

#include <string>
#include <vector>

namespace deployctl::readiness {

std::vector<std::string> right_expressions();
std::vector<std::string> wrong_expressions();

}  // namespace deployctl::readiness
