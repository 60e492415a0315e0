// SPDX-License-Identifier: Apache-2.0
// dr status: what was practised when, with which RTO and RPO, and when the next drill is due.
#include "cli/commands/recovery_verbs.hpp"
#include "cli/deploy_file.hpp"
#include "cli/disaster_facts.hpp"
#include "cli/operation_view.hpp"
#include "cli/output/result.hpp"
#include "cli/recovery_figures.hpp"

#include <algorithm>
#include <chrono>

namespace deployctl::cli::commands {

namespace {

using Operations = std::vector<Operation>;

Operations read_all(Session& session) {
    OperationFilter filter;
    filter.kind = "dr.";
    filter.app = app_of(session);
    filter.at_most = 500;
    auto found = wait_for(session.parts, session.parts.operations().operations(filter));
    std::erase_if(found, [](const Operation& one) {
        return !engine::read_exercise(std::string_view(one.kind).substr(3));
    });
    return found;
}

const Operation* newest(const Operations& operations, const std::string& kind, bool only_good) {
    const auto found = std::ranges::find_if(operations, [&](const Operation& one) {
        return one.kind == kind && one.state != OperationState::running &&
               (!only_good || one.state == OperationState::done);
    });
    return found == operations.end() ? nullptr : &*found;
}

/// Small: for programs that ask about readiness.
Value short_value(const Operation* operation) {
    if (operation == nullptr) {
        return {};
    }
    return Value::map({
        {"number", operation->number},
        {"id", operation->id},
        {"state", to_text(operation->state)},
        {"started", to_rfc3339(operation->started)},
        {"ended", operation->ended ? Value(to_rfc3339(*operation->ended)) : Value()},
        {"by", operation->by},
        {"reason", operation->reason},
        {"result", operation->result},
    });
}

const Operation* running(const Operations& operations) {
    const auto found = std::ranges::find(operations, OperationState::running, &Operation::state);
    return found == operations.end() ? nullptr : &*found;
}

std::string figure(const Value& result, const std::string& name) {
    const auto& measured = result.at("/" + name + "_seconds");
    if (measured.is_null()) {
        return name + " not measured";
    }
    const auto span = [&](const std::string& key) {
        return to_short_text(seconds(static_cast<std::int64_t>(result.real("/" + key))));
    };
    return name + " " + span(name + "_seconds") + " of " + span(name + "_target_seconds") +
           (result.flag("/" + name + "_met") ? ", met" : ", missed");
}

std::string line_of(const Operation& one, const Style& style) {
    return sign(style, sign_of(one.state)) + " " + printable(one.kind) + " " +
           std::to_string(one.number) + "  " + to_minute_text(one.started) + "  " +
           figure(one.result, "rto") + "; " + figure(one.result, "rpo") + "  by " +
           printable(one.by) + (one.reason.empty() ? "" : "  " + printable(one.reason)) + "\n";
}

std::string due_line(const std::optional<WallTime>& due, bool is_overdue, const Style& style) {
    return sign(style, is_overdue ? Sign::attention : Sign::done) +
           (due ? " the next drill is due " + to_minute_text(*due) + " (UTC)"
                : std::string(" no drill has ended well yet")) +
           (is_overdue ? ": overdue, deployctl dr drill" : "") + "\n";
}

ExitCode status(Session& session) {
    const auto configuration = need_deploy_file(session.globals.place);
    const auto settings = configuration.disaster.value_or(DisasterSettings());
    const auto operations = read_all(session);
    const auto now = session.parts.clock().now();
    const auto* good = newest(operations, "dr.drill", true);
    const auto due =
        good == nullptr ? std::nullopt : std::optional(good->started + settings.drill_every);
    const bool is_overdue = !due || *due < now;
    const auto figures = figures_of(operations);
    Result result;
    result.value = Value::map({
        {"configured", configuration.disaster.has_value()},
        {"primary", settings.primary},
        {"standby", settings.standby},
        {"running", short_value(running(operations))},
        {"last_drill", short_value(newest(operations, "dr.drill", false))},
        {"last_good_drill", short_value(good)},
        {"last_failover", short_value(newest(operations, "dr.failover", false))},
        {"last_failback", short_value(newest(operations, "dr.failback", false))},
        {"figures", to_value(figures)},
        {"drill_every_seconds", in_seconds(settings.drill_every)},
        {"drill_due", due ? Value(to_rfc3339(*due)) : Value()},
        {"drill_overdue", is_overdue},
    });
    result.names = {is_overdue ? "overdue" : "practised"};
    result.text = [&](const Style& style) {
        std::string text;
        for (const auto* kind : {"dr.drill", "dr.failover", "dr.failback"}) {
            const auto* one = newest(operations, kind, false);
            text += one == nullptr ? "" : line_of(*one, style);
        }
        if (const auto* one = running(operations)) {
            text += sign(style, Sign::running) + " " + printable(one->kind) + " " +
                    std::to_string(one->number) + " is under way, by " + printable(one->by) + "\n";
        }
        text += figures.ended == 0 ? "" : "all of them: " + to_text(figures) + "\n";
        return text + due_line(due, is_overdue, style);
    };
    print(session, result);
    return ExitCode::done;
}

}  // namespace

Run dr_status(Form& form) {
    form.describe(
        "From the journal, with the figures of all drills, failovers and failbacks: how many met "
        "their objectives, and how long they took. What availability was is not told: the journal "
        "knows rollouts and "
        "failovers, and not the outages that nobody answered with one."
    );
    form.add_example("deployctl dr status -o json", "for a check of readiness");
    return status;
}

}  // namespace deployctl::cli::commands
