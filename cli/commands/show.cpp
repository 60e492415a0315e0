// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/finding.hpp"
#include "cli/operation_view.hpp"
#include "cli/output/records_json.hpp"
#include "cli/output/result.hpp"
#include "cli/output/series_view.hpp"
#include "cli/output/status_view.hpp"
#include "cli/output/why.hpp"
#include "cli/output/words.hpp"
#include "cli/reading.hpp"
#include "engine/gate_series.hpp"
#include "engine/plan_json.hpp"
#include "model/text.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string time_cell(const std::optional<WallTime>& time) {
    return time ? to_rfc3339(*time) : "-";
}

std::string cell(const std::string& text) {
    return text.empty() ? "-" : printable(text);
}

std::string state_cell(const RolloutRecord& rollout) {
    const bool is_on_its_way = !is_terminal(rollout.state) && rollout.direction == Direction::back;
    return words_of(rollout.state) + (is_on_its_way ? ", on its way back" : "");
}

Rows record_rows(const RolloutRecord& rollout) {
    const auto& owner = rollout.owner;
    return {
        {"rollout", std::to_string(rollout.number) + "  " + rollout.id},
        {"state", state_cell(rollout)},
        {"app", cell(rollout.target.app)},
        {"environment", cell(rollout.target.environment)},
        {"namespace", cell(rollout.target.kube_namespace)},
        {"cluster", cell(rollout.context) + "  " + rollout.target.cluster_uid},
        {"strategy", to_text(rollout.strategy)},
        {"from", cell(rollout.previous_version)},
        {"to", cell(rollout.next_version) + "  " + rollout.digest},
        {"plan", rollout.plan_hash},
        {"by", cell(rollout.initiator)},
        {"reason", cell(rollout.reason)},
        {"runner",
         cell(owner.identity) + " on " + cell(owner.host) + ", pid " + std::to_string(owner.pid)},
        {"fence epoch", std::to_string(rollout.epoch)},
        {"started", to_rfc3339(rollout.started)},
        {"ended", time_cell(rollout.ended)},
        {"because", cell(rollout.end_reason)},
        {"exit", rollout.exit ? std::to_string(static_cast<int>(*rollout.exit)) : "-"},
    };
}

Rows step_rows(const Told& told, const RolloutRecord& rollout) {
    const bool is_forward = rollout.direction == Direction::forward;
    Rows rows;
    int index = 0;
    for (const auto& step : is_forward ? told.plan.course.steps : told.plan.way_back) {
        const bool is_done = index < rollout.step || rollout.state == RolloutState::promoted ||
                             rollout.state == RolloutState::rolled_back;
        const auto* mark = is_done                                                ? "done"
                           : index == rollout.step && !is_terminal(rollout.state) ? "now"
                                                                                  : "";
        rows.push_back(
            {"  " + std::to_string(++index),
             printable(step.stage),
             printable(to_text(step.action)),
             mark}
        );
    }
    return rows;
}

std::string draw(
    const RolloutRecord& rollout,
    const Told& told,
    const std::vector<engine::GateSeries>& series,
    const Style& style
) {
    auto text = table(style, record_rows(rollout), Folding::none);
    text += std::string("\nSteps") +
            (rollout.direction == Direction::back ? " of the way back" : "") + "\n" +
            table(style, step_rows(told, rollout), Folding::none);
    if (!told.plan.release.changes.empty()) {
        text += "\nChanges\n";
        for (const auto& change : told.plan.release.changes) {
            text += "  ~ " + printable(change) + "\n";
        }
    }
    if (told.story.cause) {
        text += "\nCause\n" + cause_rows(*told.story.cause, style);
    }
    text += draw_series(series, style);
    return text + "\n" + count_of(static_cast<std::int64_t>(told.events.size()), "event") +
           ": deployctl events " + std::to_string(rollout.number) + "\n";
}

/// "op-12", or "op-0198f3": not a rollout, of which there may be one of the same number.
ExitCode show_operation(const std::string& reference, Session& session) {
    auto& operations = session.parts.operations();
    const auto found = wait_for(session.parts, operations.find_operation(reference));
    if (!found) {
        throw Error(
            ExitCode::usage,
            "the journal knows no operation op-" + reference,
            "`deployctl history --kind all` shows them"
        );
    }
    const auto events = wait_for(session.parts, operations.operation_events(found->id));
    Value::Array items;
    for (const auto& event : events) {
        items.push_back(to_value(event));
    }
    Result result;
    result.value = Value::map({{"operation", to_value(*found)}, {"events", std::move(items)}});
    result.names = {"op-" + std::to_string(found->number)};
    result.text = [&](const Style& style) { return draw(*found, events, style); };
    print(session, result);
    return ExitCode::done;
}

ExitCode run(const std::string& reference, Session& session) {
    constexpr std::string_view of_operation = "op-";
    if (reference.starts_with(of_operation)) {
        return show_operation(reference.substr(of_operation.size()), session);
    }
    const auto rollout = find_rollout(session, reference);
    const auto told = read_story(session, rollout);
    const auto series = engine::gate_series(told.plan, told.events);
    Result result;
    result.value = Value::map({
        {"rollout", to_value(rollout)},
        {"plan", engine::to_value(told.plan)},
        {"story", to_value(told.story)},
        {"cause", to_value_or_null(told.story.cause)},
        {"series", to_value(series)},
        {"events", told.events.size()},
    });
    result.names = {std::to_string(rollout.number)};
    result.text = [&](const Style& style) { return draw(rollout, told, series, style); };
    print(session, result);
    return ExitCode::done;
}

}  // namespace

Run show(Form& form) {
    const auto reference = std::make_shared<std::string>();  // shared with the form's reader
    form.add_optional_argument(
        "ID",
        "number or id, op-N an operation (default: the active rollout, else the last)",
        into(*reference)
    );
    form.add_example("deployctl show 128", "everything that is recorded");
    form.add_example("deployctl show 128 -o yaml", "with the whole plan");
    form.add_example("deployctl show op-12", "a drill, a backup, ..., with its events");
    return [reference](Session& session) { return run(*reference, session); };
}

}  // namespace deployctl::cli::commands
