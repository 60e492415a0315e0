// SPDX-License-Identifier: Apache-2.0
#include "cli/output/line_view.hpp"

#include "cli/exit_codes.hpp"
#include "cli/output/result.hpp"
#include "promotion/line_json.hpp"

#include <ostream>
#include <sstream>

namespace deployctl::cli {

namespace {

using promotion::Course;
using promotion::Leg;
using promotion::LegCourse;
using promotion::Line;
using State = LegCourse::State;

const char* words_of(State state) {
    switch (state) {
        case State::waiting: return "not begun";
        case State::under_way: return "under way";
        case State::stands: return "stands";
        case State::failed: return "failed";
        case State::going_back: return "going back";
        case State::back: return "back on the version before";
        case State::stuck: return "did not come back";
    }
    return "";
}

Sign sign_of(State state) {
    switch (state) {
        case State::waiting: return Sign::waiting;
        case State::under_way: return Sign::running;
        case State::stands: return Sign::done;
        case State::failed: return Sign::failed;
        case State::going_back:
        case State::back: return Sign::back;
        case State::stuck: return Sign::attention;
    }
    return Sign::unknown;
}

std::string draw_legs(const Line& line, const Course& course, const Style& style) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& leg : line.legs) {
        const auto& so_far = course.at(leg.name);
        rows.push_back({
            "  " + sign(style, sign_of(so_far.state)) + " " + printable(leg.name),
            words_of(so_far.state),
            printable(so_far.why),
        });
    }
    return table(style, rows, Folding::none);
}

std::string cause_of(const Line& line, const Course& course) {
    if (const auto* failed = failed_leg(line, course)) {
        return failed->name + ": " + course.at(failed->name).why;
    }
    return course.gates_why;
}

std::string head_of(const LineEnd& end) {
    const auto head = std::string("error[") + word_of(end.exit) + "]: " + told(end.operation);
    const auto cause = cause_of(end.line, end.course);
    switch (end.operation.state) {
        case OperationState::undone:
            return head + " failed, and what it had brought out is back: " + cause;
        case OperationState::needs_human:
            return head + " failed, and not all of it came back: " + cause;
        default: break;
    }
    return head + " stopped at " + cause;
}

}  // namespace

std::string draw(const promotion::Draft& draft, const Style& style) {
    std::istringstream lines(to_text(draft));
    std::string text;
    for (std::string line; std::getline(lines, line);) {
        text +=
            (line.starts_with("  !") ? paint(style, Tone::bad, printable(line)) : printable(line)) +
            "\n";
    }
    return text;
}

Value to_value(const promotion::Draft& draft) {
    return Value::map({
        {"line", promotion::to_value(draft.line)},
        {"already", lines_value(draft.already)},
        {"refusals", lines_value(draft.refusals)},
        {"warnings", lines_value(draft.warnings)},
    });
}

std::string told(const Operation& operation) {
    return operation.kind + " " + std::to_string(operation.number) + " of " + operation.app + " " +
           operation.subject;
}

Value result_of(const Line& line, const Course& course) {
    Value::Array legs;
    for (const auto& leg : line.legs) {
        const auto& so_far = course.at(leg.name);
        legs.push_back(Value::map({
            {"leg", leg.name},
            {"state", words_of(so_far.state)},
            {"rollout", so_far.rollout.empty() ? Value() : Value(so_far.rollout)},
            {"exit", static_cast<int>(so_far.exit)},
            {"why", so_far.why},
        }));
    }
    return Value::map({{"version", line.version}, {"legs", std::move(legs)}});
}

ExitCode exit_of(const Line& line, const Course& course, OperationState state) {
    switch (state) {
        case OperationState::done: return ExitCode::done;
        case OperationState::undone: return ExitCode::rolled_back;
        case OperationState::needs_human: return ExitCode::not_rolled_back;
        case OperationState::running:
        case OperationState::failed: break;
    }
    const auto* failed = failed_leg(line, course);
    return failed == nullptr ? ExitCode::blocked : course.at(failed->name).exit;
}

void print_end(Session& session, const LineEnd& end) {
    const bool is_good = end.exit == ExitCode::done;
    auto& terminal = session.terminal;
    if (is_good || wants_data(session)) {
        Result result;
        result.value = result_of(end.line, end.course);
        result.value.set("/operation", end.operation.number);
        result.value.set("/kind", end.operation.kind);
        result.value.set("/state", to_text(end.operation.state));
        result.value.set("/exit", static_cast<int>(end.exit));
        result.names = {std::to_string(end.operation.number)};
        result.text = [&end](const Style& style) {
            return sign(style, Sign::done) + " " + printable(told(end.operation)) + " is done\n" +
                   draw_legs(end.line, end.course, style);
        };
        print(session, result);
    }
    if (!is_good) {
        const auto& style = terminal.err_style;
        terminal.err << "\n"
                     << paint(style, Tone::bad, printable(head_of(end))) << "\n"
                     << draw_legs(end.line, end.course, style) << std::flush;
    }
}

std::string draw_left(
    const Operation& operation, const Line& line, const Course& course, const Style& style
) {
    return sign(style, Sign::attention) + " " + printable(told(operation)) + " waits\n" +
           draw_legs(line, course, style) + "  next    deployctl promote --resume " +
           std::to_string(operation.number) + "\n";
}

}  // namespace deployctl::cli
