// SPDX-License-Identifier: Apache-2.0
// Lines of rollouts that have not ended, in the journal: whose runner is gone, so that somebody
// else may go on with them. Engine's thread.
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

}  // namespace deployctl::cli
