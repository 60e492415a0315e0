// SPDX-License-Identifier: Apache-2.0
// A line of rollouts as one operation of the journal: walked leg by leg in this process, gone on
// with by whoever comes after a crash, never repeating a leg that has ended. Engine's thread.
// Throws Error where somebody else works on it, and for accidents, which leave it to be resumed.
#pragma once

#include "cli/legs.hpp"
#include "model/operation.hpp"
#include "promotion/line.hpp"

#include <optional>
#include <string>

namespace deployctl::cli {

/// The one of that kind and name that has not ended: what a second call of the same command goes on
/// with. Throws Error{locked} where its runner is, or may be, alive.
std::optional<Operation> unfinished_line(
    Session& session, promotion::LineKind kind, const std::string& name, const LineChoices& choices
);
/// By id or number. Throws Error{usage} where it is none, Error{locked} as above.
Operation find_line(Session& session, const std::string& reference, const LineChoices& choices);

/// Nobody goes on with it: something else has begun in its place.
void close_line(Session& session, Operation operation, const std::string& why);

enum class Mode { for_real, dry_run };

/// Shows it, asks for it at a terminal, and walks it. Throws Error{blocked} with every reason why
/// not, those of each leg's own plan among them: nothing has been changed then.
ExitCode start_line(
    Session& session, promotion::Draft draft, const LineChoices& choices, Mode mode
);
ExitCode resume_line(Session& session, Operation operation, const LineChoices& choices);

}  // namespace deployctl::cli
