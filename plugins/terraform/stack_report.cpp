// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/stack_report.hpp"

#include "model/text.hpp"
#include "ports/printed.hpp"

#include <algorithm>
#include <map>

namespace deployctl::plugins::terraform {

namespace {

using ByAddress = std::multimap<std::string, std::string>;

ByAddress by_address(const std::vector<std::string>& lines) {
    ByAddress found;
    for (const auto& line : lines) {
        found.emplace(address_of(line), line);
    }
    return found;
}

bool has_sign(std::string_view line, ChangeKind kind) {
    return line.starts_with(std::string(sign_of(kind)) + " ");
}

/// What is left of `line` when the apply was cut off before its end.
bool is_rest_of(const std::string& line, const StackChange& change) {
    if (has_sign(line, ChangeKind::replace) && change.kind == ChangeKind::remove) {
        return change.is_deposed;  // the new one is there
    }
    // what is in a database that is there by half may be worth something: a person says so
    const bool was_half_made = has_sign(line, ChangeKind::create) &&
                               change.kind == ChangeKind::replace && !change.is_stateful;
    const bool is_half_replaced =
        has_sign(line, ChangeKind::replace) && change.kind == ChangeKind::create;
    return (has_sign(line, change.kind) || was_half_made || is_half_replaced) &&
           is_still(fingerprint_in(line), change.wanted);
}

bool is_agreed(const ByAddress& agreed, const StackChange& change) {
    const auto [begin, end] = agreed.equal_range(address_of(to_text(change)));
    return std::any_of(begin, end, [&change](const auto& entry) {
        return is_rest_of(entry.second, change);
    });
}

}  // namespace

Agreement compare(const std::vector<std::string>& agreed, const std::vector<StackChange>& present) {
    if (present.empty()) {
        return Agreement::nothing;
    }
    auto wanted = agreed;
    std::ranges::sort(wanted);
    if (lines_of(present) == wanted) {
        return Agreement::same;
    }
    const auto were = by_address(agreed);
    const bool is_part = std::ranges::all_of(present, [&were](const StackChange& change) {
        return is_agreed(were, change);
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
    if (!applied.halt) {
        report.end = TaskEnd::done;
        report.detail = counts_of(planned.plan.changes) + ": applied";
        report.detail += applied.unsettled.empty()
                             ? ", and a second plan shows nothing"
                             : "; a second plan shows again: " + first_few(applied.unsettled, ", ");
    }
    add_orphans(report, applied.orphans);
    return report;
}

void add_orphans(TaskReport& report, const std::vector<std::string>& addresses) {
    auto known = read_lines(report.evidence.at("/possible_orphans"));
    for (const auto& address : addresses) {
        if (std::ranges::count(known, address) == 0) {
            known.push_back(address);
        }
    }
    if (!addresses.empty()) {
        report.evidence.set("/possible_orphans", lines_value(known));
        report.detail += "; possible orphans: " + first_few(known, ", ");
    }
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
    const std::vector<std::string>& agreed, const std::vector<StackChange>& present
) {
    const auto were = by_address(agreed);
    std::vector<std::string> fresh;
    for (const auto& change : present) {
        if (!is_agreed(were, change)) {
            fresh.push_back(without_fingerprint(to_text(change)));
        }
    }
    TaskReport report;
    report.end = TaskEnd::cannot_tell;
    report.detail = "its plan has changed since it was agreed to: " +
                    (fresh.empty() ? "there is less to do" : first_few(fresh, ", ")) +
                    "; nothing was applied: plan a new rollout, or go back";
    report.evidence = Value::map({{"output", lines_value(lines_of(present))}});
    return report;
}

}  // namespace deployctl::plugins::terraform
