// SPDX-License-Identifier: Apache-2.0
#include "cli/output/status_view.hpp"

#include "cli/output/records_json.hpp"
#include "cli/output/why.hpp"
#include "cli/output/words.hpp"
#include "model/text.hpp"

namespace deployctl::cli {

namespace {

std::string row(const std::string& head, const std::string& text) {
    return "  " + pad(head, 8) + text + "\n";
}

const char* word_of(StageStory::Now now) {
    switch (now) {
        case StageStory::Now::waiting: return "waiting";
        case StageStory::Now::running: return "running";
        case StageStory::Now::done: return "done";
        case StageStory::Now::failed: return "failed";
        case StageStory::Now::stopped: return "stopped";
    }
    return "";
}

Sign sign_of_stage(StageStory::Now now) {
    switch (now) {
        case StageStory::Now::waiting: return Sign::waiting;
        case StageStory::Now::running: return Sign::running;
        case StageStory::Now::done: return Sign::done;
        case StageStory::Now::failed: return Sign::failed;
        case StageStory::Now::stopped: return Sign::attention;
    }
    return Sign::unknown;
}

std::string head(const StatusView& view, WallTime now, const Style& style) {
    const auto& rollout = view.rollout;
    const auto between = std::string(" ") + dot(style) + " ";
    auto text = place_text(rollout.target, style) + "  " + printable(rollout.previous_version) +
                " " + arrow(style) + " " + printable(rollout.next_version) + "   rollout " +
                std::to_string(rollout.number) + between + to_text(rollout.strategy) + between +
                sign(style, sign_of(rollout.state)) + " " + words_of(rollout.state);
    if (!is_terminal(rollout.state)) {
        text +=
            between + "step " + std::to_string(rollout.step + 1) + "/" + std::to_string(view.steps);
    }
    return text + between + took_text(rollout, now) + "\n";
}

std::string stages_row(const Story& story, const Style& style) {
    std::vector<std::string> parts;
    const bool is_back = is_going_back(story);
    for (const auto& stage : story.stages) {
        if (is_back && stage.now == StageStory::Now::waiting) {
            continue;  // what was to come does not come any more
        }
        parts.push_back(sign(style, sign_of_stage(stage.now)) + " " + printable(stage.name));
    }
    return parts.empty() ? "" : row("stages", join(parts, "  "));
}

std::string gate_rows(const Story& story) {
    std::string text;
    for (const auto& [name, gate] : story.gates) {
        const auto line = name + " " + gate.answer + ": " + measured_text(gate);
        text += row(text.empty() ? "gates" : "", printable(line));
    }
    return text;
}

std::string runner_row(const StatusView& view, WallTime now) {
    const auto& owner = view.rollout.owner;
    if (is_terminal(view.rollout.state) || owner.identity.empty()) {
        return "";
    }
    const auto* alive = view.liveness == Liveness::alive  ? "alive"
                        : view.liveness == Liveness::dead ? "gone"
                                                          : "on another host";
    auto text = printable(owner.identity) + " pid " + std::to_string(owner.pid) + ", " + alive;
    if (view.story.last) {
        text += ", last entry " +
                to_short_text(std::chrono::floor<seconds>(now - *view.story.last)) + " ago";
    }
    return row("runner", text);
}

Value stages_value(const Story& story) {
    Value::Array list;
    for (const auto& stage : story.stages) {
        list.push_back(Value::map({
            {"name", stage.name},
            {"direction", to_text(stage.direction)},
            {"state", word_of(stage.now)},
            {"began", time_or_null(stage.began)},
            {"ended", time_or_null(stage.ended)},
        }));
    }
    return list;
}

Value gates_value(const Story& story) {
    Value::Array list;
    for (const auto& [name, gate] : story.gates) {
        list.push_back(Value::map({
            {"name", name},
            {"answer", gate.answer},
            {"measured", gate.measured},
            {"limit", gate.limit},
            {"reason", gate.reason},
            {"good_in_a_row", gate.good},
            {"bad_in_a_row", gate.bad},
        }));
    }
    return list;
}

}  // namespace

std::string next_commands(const RolloutRecord& rollout, Liveness liveness, const Story& story) {
    const auto number = std::to_string(rollout.number);
    const auto awaited = story.step ? story.step->awaited : std::string();
    if (!awaited.empty() && !is_terminal(rollout.state)) {
        return approve_command(rollout.number, printable(awaited)) + ", " +
               next_commands(rollout, liveness);
    }
    if (rollout.state == RolloutState::paused && rollout.direction == Direction::back) {
        return join(half_way_back(rollout, story.cause), "; ");
    }
    switch (rollout.state) {
        case RolloutState::promoted:
        case RolloutState::rolled_back:
        case RolloutState::aborted:
        case RolloutState::superseded: return "deployctl explain " + number;
        case RolloutState::needs_human:
            return "deployctl explain " + number + ", deployctl rollout rollback " + number +
                   " --reason TEXT";
        case RolloutState::paused:
            return "deployctl rollout resume " + number + ", deployctl rollout abort " + number +
                   " --reason TEXT";
        case RolloutState::pending:
        case RolloutState::running:
        case RolloutState::rolling_back: break;
    }
    return liveness == Liveness::dead ? "deployctl rollout resume " + number
                                      : "deployctl rollout watch " + number;
}

std::string draw_status(const StatusView& view, WallTime now, const Style& style) {
    const auto& story = view.story;
    auto text = head(view, now, style) + stages_row(story, style);
    if (story.step && !is_terminal(view.rollout.state)) {
        text += row("now", printable(story.step->stage + ": " + story.step->text));
    }
    if (story.weight) {
        const auto& weight = *story.weight;
        text +=
            row("traffic",
                "asked " + std::to_string(weight.asked) + "%, " + std::to_string(weight.candidate) +
                    " of " + count_of(weight.candidate + weight.stable, "pod"));
    }
    text += gate_rows(story) + runner_row(view, now);
    text += view.lock.empty() ? "" : row("lock", printable(view.lock));
    if (story.cause) {
        text += cause_rows(*story.cause, style);
    } else if (!view.rollout.end_reason.empty()) {
        text += row("why", printable(view.rollout.end_reason));
    } else if (!story.reason.empty()) {
        text += row("why", printable(story.reason));
    }
    return text + row("next", next_commands(view.rollout, view.liveness, story));
}

Value to_value(const Story& story) {
    auto value = Value::map({
        {"stages", stages_value(story)},
        {"gates", gates_value(story)},
        {"step", nullptr},
        {"weight", nullptr},
        {"last", time_or_null(story.last)},
    });
    if (story.step) {
        value.set(
            "/step",
            Value::map(
                {{"index", story.step->index},
                 {"stage", story.step->stage},
                 {"text", story.step->text}}
            )
        );
    }
    if (story.weight) {
        value.set(
            "/weight",
            Value::map({
                {"asked_percent", story.weight->asked},
                {"achieved_percent", story.weight->achieved},
                {"stable_pods", story.weight->stable},
                {"candidate_pods", story.weight->candidate},
                {"baseline_pods", story.weight->baseline},
            })
        );
    }
    return value;
}

}  // namespace deployctl::cli
