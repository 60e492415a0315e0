// SPDX-License-Identifier: Apache-2.0
#include "plugins/tasks/program_end.hpp"

#include "plugins/kubectl/printable.hpp"
#include "ports/printed.hpp"

namespace deployctl::plugins {

namespace {

constexpr std::ptrdiff_t most_lines = 40;

std::vector<std::string> last_lines(const CommandResult& result) {
    auto lines = kubectl::printable_lines(tail(result.output));
    const auto errors = kubectl::printable_lines(tail(result.error_output));
    lines.insert(lines.end(), errors.begin(), errors.end());
    const auto count = std::ssize(lines);
    if (count > most_lines) {
        lines.erase(lines.begin(), lines.begin() + (count - most_lines));
    }
    return lines;
}

}  // namespace

TaskReport report_of(const Command& command, const CommandResult& result) {
    const bool is_done = result.end == CommandResult::End::exited && result.exit_code == 0;
    const auto ended = how_it_ended(command.timeout, result);
    TaskReport report;
    report.end = is_done ? TaskEnd::done : TaskEnd::failed;
    const auto said = last_words(result);
    const bool says_more = !said.empty() && result.end != CommandResult::End::not_started;
    report.detail = says_more ? ended + ": " + said : ended;
    report.evidence = Value::map({{"ended", ended}, {"output", lines_value(last_lines(result))}});
    return report;
}

}  // namespace deployctl::plugins
