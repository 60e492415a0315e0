// SPDX-License-Identifier: Apache-2.0
#include "cli/output/rehearsal_view.hpp"

#include "cli/output/event_line.hpp"
#include "cli/output/records_json.hpp"
#include "cli/output/why.hpp"
#include "cli/output/words.hpp"
#include "model/text.hpp"

#include <cstdio>

namespace deployctl::cli {

namespace {

using simulation::Moment;
using simulation::RehearsalOrder;

std::string time_text(Duration at) {
    char text[32];
    std::snprintf(text, sizeof text, "%8.1f s", in_seconds(at));
    return text;
}

std::string measured_text(const Plan& plan) {
    std::vector<std::string> names;
    for (const auto& [name, gate] : plan.gates) {
        if (asks_outside(gate.question)) {
            names.push_back(name);
        }
    }
    return names.empty()
               ? ""
               : "Not played, since nothing is measured there: " + printable(join(names, ", ")) +
                     ".\n";
}

std::string head_text(const RehearsalOrder& order) {
    const auto& plan = order.plan;
    return "Rehearsal of " + std::string(deployctl::to_text(plan.strategy)) + " " +
           printable(plan.release.tag) + " of " + printable(plan.target.app) +
           ", on a simulated cluster in virtual time: nothing is written to the real one.\n" +
           "Assumed: a pod is ready " + deployctl::to_text(order.ready_after) +
           " after its start; the new version is good, but for what --fail says.\n" +
           measured_text(plan);
}

std::vector<std::string> texts_of(const std::vector<simulation::Trouble>& troubles) {
    std::vector<std::string> texts;
    for (const auto& trouble : troubles) {
        texts.push_back(simulation::to_text(trouble));
    }
    return texts;
}

std::string faults_text(const RehearsalView& view) {
    const auto faults = join(texts_of(view.order.troubles), ", ");
    const auto from = view.seed ? " (--seed " + std::to_string(*view.seed) + ")" : "";
    return "Faults" + from + ": " + (faults.empty() ? "none" : faults) + "\n";
}

EventLine step_line(const Event& event, std::size_t steps) {
    const bool is_forward = event.data.text("/direction") == "forward";
    const auto number = std::to_string(event.step.value_or(0) + 1);
    return {
        is_forward ? "step" : "back",
        number + (is_forward ? "/" + std::to_string(steps) : "") + "  " +
            event.data.text("/stage") + "  " + event.data.text("/text"),
        Tone::plain,
        Weight::change,
    };
}

/// One line for each thing that people should see; what only `-vv` shows is left out.
std::optional<EventLine> line_at(const Moment& moment, std::size_t steps, const Style& style) {
    const auto& event = moment.event;
    if (moment.kind == Moment::Kind::fault) {
        return EventLine{"FAULT", moment.note, Tone::warning, Weight::attention};
    }
    if (moment.kind == Moment::Kind::note) {
        return EventLine{"note", moment.note, Tone::plain, Weight::change};
    }
    if (event.type == "step.started") {
        return step_line(event, steps);
    }
    auto line = line_of(event, style);
    const bool is_news = line.weight <= Weight::change && event.type != "step.finished" &&
                         event.type != "rollout.finished";
    return is_news ? std::optional(line) : std::nullopt;
}

std::string moments_text(const RehearsalView& view, const Style& style) {
    std::string text;
    for (const auto& moment : view.rehearsal.moments) {
        if (const auto line = line_at(moment, view.order.plan.course.steps.size(), style)) {
            text += time_text(moment.at) + "  " + paint(style, line->tone, pad(line->word, 5)) +
                    " " + printable(line->text) + "\n";
        }
    }
    return text;
}

std::string end_text(const simulation::Rehearsal& rehearsal, const Style& style) {
    const auto& rollout = rehearsal.end.rollout;
    const bool is_promoted = rollout.state == RolloutState::promoted;
    const auto& cause = rehearsal.end.cause;
    auto text = sign(style, sign_of(rollout.state)) + " " + words_of(rollout.state);
    if (!is_promoted) {
        text += cause ? ": " + printable(cause->headline) : "";
    }
    text += ", after " + to_short_text(rehearsal.took) + " of virtual time\n";
    return text + (cause && !is_promoted ? cause_rows(*cause, style) : "");
}

/// Where others had to take it up: the command itself says less than the end does.
std::string runs_text(const simulation::Rehearsal& rehearsal) {
    const auto& runs = rehearsal.runs;
    if (runs.size() < 2) {
        return "";
    }
    const auto& exit = runs.front().exit;
    return "The command that began it " +
           (exit ? "would end with exit code " + std::to_string(static_cast<int>(*exit))
                 : std::string("would be killed")) +
           "; " + count_of(std::ssize(runs) - 1, "resume") + " (`deployctl rollout resume`)" +
           " brought it to this end.\n";
}

std::string proof_text(const simulation::Rehearsal& rehearsal) {
    const auto checked = std::to_string(rehearsal.invariants) + " invariants were checked";
    if (rehearsal.broken.empty()) {
        return checked + ", none was broken\n";
    }
    auto text = checked + ", and this is a bug of deployctl:\n";
    for (const auto& violation : rehearsal.broken) {
        text += "  " + printable(simulation::to_text(violation)) + "\n";
    }
    return text;
}

Value value_at(const Moment& moment) {
    const bool is_event = moment.kind == Moment::Kind::event;
    const auto* told = moment.kind == Moment::Kind::fault ? "fault" : "note";
    return Value::map({
        {"seconds", in_seconds(moment.at)},
        {"type", is_event ? moment.event.type : told},
        {"step", moment.event.step ? Value(*moment.event.step + 1) : Value()},
        {"text", is_event ? line_of(moment.event, Style()).text : moment.note},
    });
}

}  // namespace

std::string draw(const RehearsalView& view, const Style& style) {
    return head_text(view.order) + faults_text(view) + "\n" + moments_text(view, style) + "\n" +
           end_text(view.rehearsal, style) + runs_text(view.rehearsal) + proof_text(view.rehearsal);
}

Value to_value(const RehearsalView& view) {
    const auto& [order, seed, rehearsal] = view;
    Value::Array moments;
    for (const auto& moment : rehearsal.moments) {
        moments.push_back(value_at(moment));
    }
    std::vector<std::string> broken;
    for (const auto& violation : rehearsal.broken) {
        broken.push_back(simulation::to_text(violation));
    }
    Value::Array runs;
    for (const auto& run : rehearsal.runs) {
        runs.push_back(Value::map({
            {"runner", run.runner},
            {"exit", run.exit ? Value(static_cast<int>(*run.exit)) : Value()},
        }));
    }
    return Value::map({
        {"simulated", true},
        {"app", order.plan.target.app},
        {"strategy", deployctl::to_text(order.plan.strategy)},
        {"tag", order.plan.release.tag},
        {"steps", static_cast<int>(order.plan.course.steps.size())},
        {"ready_after_seconds", in_seconds(order.ready_after)},
        {"seed", seed ? Value(static_cast<std::int64_t>(*seed)) : Value()},
        {"faults", lines_value(texts_of(order.troubles))},
        {"moments", Value(std::move(moments))},
        {"state", deployctl::to_text(rehearsal.end.rollout.state)},
        {"cause", to_value_or_null(rehearsal.end.cause)},
        {"exit", static_cast<int>(rehearsal.end.exit)},
        {"runs", Value(std::move(runs))},
        {"took_seconds", in_seconds(rehearsal.took)},
        {"invariants",
         Value::map({{"checked", rehearsal.invariants}, {"broken", lines_value(broken)}})},
    });
}

}  // namespace deployctl::cli
