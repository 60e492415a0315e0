// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/stack_report.hpp"

#include "model/text.hpp"
#include "ports/printed.hpp"

#include <algorithm>
#include <set>

namespace deployctl::plugins::terraform {

namespace {

std::string fingerprint_in(std::string_view line) {
    return std::string(line.substr(without_fingerprint(line).size()));
}

/// It was to be made, and is there by half: what is to be is the same.
bool was_half_made(const std::set<std::string>& agreed, const std::string& line) {
    return line.starts_with("-/+ ") &&
           agreed.contains("+ " + address_of(line) + fingerprint_in(line));
}

}  // namespace

Agreement compare(const std::vector<std::string>& agreed, const std::vector<std::string>& present) {
    const std::set<std::string> wanted(agreed.begin(), agreed.end());
    const std::set<std::string> found(present.begin(), present.end());
    if (found.empty()) {
        return Agreement::nothing;
    }
    if (found == wanted) {
        return Agreement::same;
    }
    const bool is_part = std::ranges::all_of(found, [&wanted](const std::string& line) {
        return wanted.contains(line) || was_half_made(wanted, line);
    });
    return is_part ? Agreement::part : Agreement::another;
}

TaskReport report_of(const Halt& halt) {
    TaskReport report;
    const bool has_failed = halt.kind == Halt::Kind::failed || halt.kind == Halt::Kind::stopped;
    report.end = has_failed ? TaskEnd::failed : TaskEnd::cannot_tell;
    report.detail = halt.what_to_do.empty() ? halt.why : halt.why + "; " + halt.what_to_do;
    report.evidence = Value::map({{"output", lines_value(halt.output)}});
    return report;
}

TaskReport report_of(const PlannedChanges& planned, const AppliedChanges& applied) {
    auto report = applied.halt ? report_of(*applied.halt) : TaskReport{};
    auto& evidence = report.evidence;
    evidence.set("/plan", planned.digest);
    evidence.set("/serial", applied.state.serial);
    evidence.set("/completed", lines_value(applied.completed));
    if (!applied.unsettled.empty()) {
        evidence.set("/unsettled", lines_value(applied.unsettled));
    }
    if (!applied.orphans.empty()) {
        evidence.set("/possible_orphans", lines_value(applied.orphans));
        report.detail += "; possible orphans: " + first_few(applied.orphans, ", ");
    }
    if (!applied.halt) {
        report.end = TaskEnd::done;
        report.detail = counts_of(planned.plan.changes) + ": applied";
        report.detail += applied.unsettled.empty()
                             ? ", and a second plan shows nothing"
                             : "; a second plan shows again: " + first_few(applied.unsettled, ", ");
    }
    return report;
}

Value outputs_value(const StackOutputs& outputs) {
    auto map = Value::map();
    for (const auto& output : outputs.outputs) {
        if (!output.is_sensitive) {
            map.set("/" + escape_pointer(output.name), output.value);
        }
    }
    return map;
}

TaskReport changed_report(
    const std::vector<std::string>& agreed, const std::vector<std::string>& present
) {
    std::vector<std::string> fresh;
    for (const auto& line : present) {
        if (std::ranges::count(agreed, line) == 0) {
            fresh.push_back(without_fingerprint(line));
        }
    }
    TaskReport report;
    report.end = TaskEnd::cannot_tell;
    report.detail = "its plan has changed since it was agreed to: " +
                    (fresh.empty() ? "there is less to do" : first_few(fresh, ", ")) +
                    "; nothing was applied: plan a new rollout, or go back";
    report.evidence = Value::map({{"output", lines_value(present)}});
    return report;
}

}  // namespace deployctl::plugins::terraform
