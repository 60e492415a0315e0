// SPDX-License-Identifier: Apache-2.0
// What is done beside rollouts, written down: begun by one runner at a time, and ended. One that
// died while it worked is closed by the next. Engine's thread.
#pragma once

#include "cli/session.hpp"
#include "model/operation.hpp"

#include <exception>
#include <string>

namespace deployctl::cli {

/// `operation` has its kind, app, environment, subject; an id where the caller needs it before.
/// Throws Error{locked} where a runner
/// that may be alive works on the same.
Operation begin_operation(Session& session, Operation operation);
void end_operation(Session& session, Operation operation, OperationState state, Value result);

/// The work of an operation that has begun. Whatever it throws ends the operation as failed, with
/// why, and goes on.
template <class Work>
auto in_operation(Session& session, const Operation& operation, Work work) {
    try {
        return work();
    } catch (const std::exception& error) {
        const auto why = Value::map({{"failure", std::string(error.what())}});
        end_operation(session, operation, OperationState::failed, why);
        throw;
    }
}

}  // namespace deployctl::cli
