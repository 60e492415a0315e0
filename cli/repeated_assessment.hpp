// SPDX-License-Identifier: Apache-2.0
// `assess` where nobody compares and nothing goes into a file: what was said before of exactly the
// same is said again, else the folder is assessed, and the answer kept. One thread.
#pragma once

#include "cli/assessing.hpp"

namespace deployctl::cli {

ExitCode repeat_or_assess(Session& session, const AssessScope& scope);

}  // namespace deployctl::cli
