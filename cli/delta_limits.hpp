// SPDX-License-Identifier: Apache-2.0
// How far an assessment may fall behind an earlier one: `--no-new-blockers`, `--max-drop`.
#pragma once

#include "cli/form.hpp"
#include "cli/session.hpp"
#include "readiness/delta.hpp"

#include <string>

namespace deployctl::cli {

struct DeltaLimits {
    bool no_new_blockers = false;
    std::string max_drop;  ///< points, "0.5"; empty: any
};

void add_limits(Form& form, DeltaLimits& limits);
/// Throws Error{usage} where what was said is no number, before anything is read.
void check(const DeltaLimits& limits);
/// False where the movement is beyond them; why goes to the error output.
bool hold(Session& session, const readiness::Delta& delta, const DeltaLimits& limits);

}  // namespace deployctl::cli
