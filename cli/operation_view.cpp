// SPDX-License-Identifier: Apache-2.0
#include "cli/operation_view.hpp"

#include "cli/output/fields.hpp"
#include "cli/output/words.hpp"
#include "cli/redacting.hpp"

namespace deployctl::cli {

namespace {

using Rows = std::vector<std::vector<std::string>>;

Value runner_value(const Runner& runner) {
    return Value::map({
        {"identity", runner.identity},
        {"host", runner.host},
        {"pid", runner.pid},
    });
}

/// What stages run is kept as it is run, and shown without what looks like a secret.
Value shown_plan(Value plan) {
    const auto count = plan.items("/stages").size();
    for (std::size_t at = 0; at < count; ++at) {
        const auto place = "/stages/" + std::to_string(at) + "/run";
        if (plan.has(place)) {
            plan.set(place, lines_value(redacted_command(read_lines(plan.at(place)))));
        }
    }
    return plan;
}

std::string name_of(const Operation& operation) {
    return "op-" + std::to_string(operation.number);
}

std::string state_cell(const Operation& operation, const Style& style) {
    return sign(style, sign_of(operation.state)) + " " + words_of(to_text(operation.state));
}

}  // namespace

Value to_value(const Operation& operation) {
    return Value::map({
        {"id", operation.id},
        {"number", operation.number},
        {"kind", operation.kind},
        {"app", operation.app},
        {"environment", operation.environment},
        {"subject", operation.subject},
        {"by", operation.by},
        {"reason", operation.reason},
        {"state", to_text(operation.state)},
        {"started", to_rfc3339(operation.started)},
        {"ended", operation.ended ? Value(to_rfc3339(*operation.ended)) : Value()},
        {"runner", runner_value(operation.runner)},
        {"plan", shown_plan(operation.plan)},
        {"result", operation.result},
    });
}

Value to_value(const OperationEvent& event) {
    return Value::map({
        {"seq", event.seq},
        {"at", to_rfc3339(event.at)},
        {"type", event.type},
        {"data", event.data},
    });
}

Sign sign_of(OperationState state) {
    switch (state) {
        case OperationState::running: return Sign::running;
        case OperationState::done: return Sign::done;
        case OperationState::failed: return Sign::failed;
        case OperationState::undone: return Sign::back;
        case OperationState::needs_human: return Sign::attention;
    }
    return Sign::unknown;
}

std::string draw(const std::vector<Operation>& operations, WallTime now, const Style& style) {
    if (operations.empty()) {
        return "no operations\n";
    }
    Rows rows{{"ID", "STARTED", "KIND", "APP", "ENV", "SUBJECT", "RESULT", "TOOK", "BY", "REASON"}};
    for (const auto& one : operations) {
        rows.push_back({
            name_of(one),
            to_minute_text(one.started),
            printable(one.kind),
            printable(one.app),
            printable(one.environment),
            printable(one.subject),
            state_cell(one, style),
            to_short_text(one.ended.value_or(now) - one.started),
            printable(one.by),
            printable(one.reason),
        });
    }
    return table(style, rows, Folding::none);
}

std::string draw(
    const Operation& operation, const std::vector<OperationEvent>& events, const Style& style
) {
    auto value = to_value(operation);
    value.erase("/plan");
    value.erase("/runner");
    auto text = fields(value, style);
    Rows rows{{"  SEQ", "AT", "EVENT", "DATA"}};
    for (const auto& event : events) {
        rows.push_back(
            {"  " + std::to_string(event.seq),
             to_rfc3339(event.at),
             printable(event.type),
             printable(cell_text(event.data))}
        );
    }
    return events.empty() ? text : text + "\nEvents\n" + table(style, rows, Folding::none);
}

}  // namespace deployctl::cli
