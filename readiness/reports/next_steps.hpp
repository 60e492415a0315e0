// SPDX-License-Identifier: Apache-2.0
// What to do about what an assessment could not see: which file, flag or permission makes it
// assessable. Pure; any thread.
#pragma once

#include "readiness/assessment.hpp"

#include <string>

namespace deployctl::readiness {

/// Of a finding that is not assessed and has a subject.
std::string next_step(const Finding& finding);
std::string next_step(const UnreadFile& file);

}  // namespace deployctl::readiness
