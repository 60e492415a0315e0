// SPDX-License-Identifier: Apache-2.0
// A line of rollouts as one operation of the journal: walked leg by leg in this process, gone on
// with by whoever comes after a crash, never repeating a leg that has ended. Engine's thread.
// Throws Error where somebody else works on it, and for accidents, which leave it to be resumed.
#pragma once

#include "cli/legs.hpp"
#include "model/operation.hpp"
#include "promotion/line.hpp"

namespace deployctl::cli {

enum class Mode { for_real, dry_run };

/// Shows it, asks for it at a terminal, and walks it. Throws Error{blocked} with every reason why
/// not, those of each leg's own plan among them: nothing has been changed then.
ExitCode start_line(
    Session& session, promotion::Draft draft, const LineChoices& choices, Mode mode
);
ExitCode resume_line(Session& session, Operation operation, const LineChoices& choices);

}  // namespace deployctl::cli
