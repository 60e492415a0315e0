// SPDX-License-Identifier: Apache-2.0
// What is done beside rollouts, written down: begun by one runner at a time, and ended. One that
// died while it worked is closed by the next. Engine's thread.
#pragma once

#include "cli/session.hpp"
#include "model/operation.hpp"

namespace deployctl::cli {

/// `operation` has its kind, app, environment, subject; an id where the caller needs it before.
/// Throws Error{locked} where a runner
/// that may be alive works on the same.
Operation begin_operation(Session& session, Operation operation);
void end_operation(Session& session, Operation operation, OperationState state, Value result);

}  // namespace deployctl::cli
