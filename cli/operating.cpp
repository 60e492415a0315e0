// SPDX-License-Identifier: Apache-2.0
#include "cli/operating.hpp"

namespace deployctl::cli {

namespace {

/// False: it may go on by itself.
bool close_if_dead(Session& session, const Operation& other) {
    auto& parts = session.parts;
    if (parts.runners().liveness(other.runner) != Liveness::dead) {
        return false;
    }
    const auto self = parts.runners().self();
    if (!wait_for(parts, parts.operations().take_operation(other.id, other.runner, self))) {
        return false;
    }
    auto closed = other;
    closed.runner = self;
    closed.state = OperationState::needs_human;
    closed.result = Value::map({{"failure", "its runner died while it worked"}});
    wait_for(parts, parts.operations().end_operation(closed));
    return true;
}

}  // namespace

Operation begin_operation(Session& session, Operation operation) {
    auto& parts = session.parts;
    if (operation.id.empty()) {
        operation.id = parts.ids().next();
    }
    operation.runner = parts.runners().self();
    operation.by = operation.runner.identity;
    auto begun = wait_for(parts, parts.operations().begin_operation(operation));
    if (begun.kind == BeginOperation::Kind::another_is_running &&
        close_if_dead(session, begun.operation)) {
        begun = wait_for(parts, parts.operations().begin_operation(operation));
    }
    if (begun.kind == BeginOperation::Kind::another_is_running) {
        const auto& other = begun.operation;
        throw Error(
            ExitCode::locked,
            other.kind + " of " + other.subject + " is under way already, by " + other.by +
                " since " + to_minute_text(other.started) + " UTC",
            "wait until it has ended"
        );
    }
    return begun.operation;
}

void end_operation(Session& session, Operation operation, OperationState state, Value result) {
    operation.state = state;
    operation.result = std::move(result);
    wait_for(session.parts, session.parts.operations().end_operation(operation));
}

}  // namespace deployctl::cli
