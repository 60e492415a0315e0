// SPDX-License-Identifier: Apache-2.0
#include "cli/line_finding.hpp"

#include "cli/output/line_view.hpp"

namespace deployctl::cli {

namespace {

using promotion::LineKind;

/// One that is known to be dead is followed at once; of another host nobody knows.
void need_dead_runner(Session& session, const Operation& operation, const LineChoices& choices) {
    if (choices.run.takeover ||
        session.parts.runners().liveness(operation.runner) == Liveness::dead) {
        return;
    }
    throw Error(
        ExitCode::locked,
        printable(told(operation)) + " is run by " + printable(operation.runner.identity) +
            ", pid " + std::to_string(operation.runner.pid) + " on " +
            printable(operation.runner.host),
        "where that one is not alive any more, --takeover goes on in its place"
    );
}

}  // namespace

std::optional<Operation> unfinished_line(
    Session& session, LineKind kind, const std::string& name, const LineChoices& choices
) {
    OperationFilter filter;
    filter.app = name;
    filter.kind = to_text(kind);
    filter.only_running = true;
    const auto found = wait_for(session.parts, session.parts.operations().operations(filter));
    if (found.empty()) {
        return std::nullopt;
    }
    if (found.size() > 1) {
        throw Error(
            ExitCode::usage,
            "several have not ended: " + printable(told(found[0])) + " and " +
                printable(told(found[1])),
            "--resume " + std::to_string(found[0].number) + " says which"
        );
    }
    need_dead_runner(session, found.front(), choices);
    return found.front();
}

Operation find_line(Session& session, const std::string& reference, const LineChoices& choices) {
    auto found = wait_for(session.parts, session.parts.operations().find_operation(reference));
    if (!found || !promotion::read_line_kind(found->kind)) {
        throw Error(
            ExitCode::usage,
            "no promotion, waves or group `" + printable(reference) + "` in the journal"
        );
    }
    if (found->state != OperationState::running) {
        throw Error(
            ExitCode::usage,
            printable(told(*found)) + " has ended: " + to_text(found->state),
            "begin a new one; what stands already is left out of it"
        );
    }
    need_dead_runner(session, *found, choices);
    return *found;
}

void close_line(Session& session, Operation operation, const std::string& why) {
    auto& parts = session.parts;
    const auto was = operation.runner;
    operation.runner = parts.runners().self();
    operation.state = OperationState::failed;
    operation.reason = why;
    const auto taken =
        wait_for(parts, parts.operations().take_operation(operation.id, was, operation.runner));
    if (taken) {
        wait_for(parts, parts.operations().end_operation(operation));
    }
}

}  // namespace deployctl::cli
