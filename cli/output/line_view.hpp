// SPDX-License-Identifier: Apache-2.0
// A line of rollouts for people, and as data: how it ended, and what stands where.
#pragma once

#include "cli/output/style.hpp"
#include "cli/session.hpp"
#include "model/operation.hpp"
#include "promotion/course.hpp"

#include <string>

namespace deployctl::cli {

struct LineEnd {
    const Operation& operation;
    const promotion::Line& line;
    const promotion::Course& course;
    ExitCode exit{};
};

/// What would be done, and every reason why not.
std::string draw(const promotion::Draft& draft, const Style& style);
Value to_value(const promotion::Draft& draft);
/// "promotion 7 of web v2"
std::string told(const Operation& operation);
/// What became of each leg, for the journal and for `-o json`.
Value result_of(const promotion::Line& line, const promotion::Course& course);
/// That of the leg which failed; 6 where what had been brought out went back, 7 where it did not.
ExitCode exit_of(
    const promotion::Line& line, const promotion::Course& course, OperationState state
);
/// The result on the standard output where it is good, or data; what went wrong beside it.
void print_end(Session& session, const LineEnd& end);
/// Of one that waits for whoever resumes it.
std::string draw_left(
    const Operation& operation,
    const promotion::Line& line,
    const promotion::Course& course,
    const Style& style
);

}  // namespace deployctl::cli
