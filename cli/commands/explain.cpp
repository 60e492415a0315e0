// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/finding.hpp"
#include "cli/output/event_line.hpp"
#include "cli/output/event_stream.hpp"
#include "cli/output/records_json.hpp"
#include "cli/output/replay_view.hpp"
#include "cli/output/result.hpp"
#include "cli/output/why.hpp"
#include "cli/output/words.hpp"
#include "cli/reading.hpp"
#include "documents/json.hpp"
#include "engine/gate_replay.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    std::string reference;
    std::optional<int> step;
};

/// Without a step: what decided; with one: all that happened in it.
bool is_told(const Event& event, const Options& options, const Style& style) {
    if (options.step) {
        return event.step == *options.step - 1 &&
               event.data.text("/direction") != to_text(Direction::back);
    }
    return line_of(event, style).weight <= Weight::change && event.type != "step.finished";
}

std::string draw_evidence(const Event& event, const Style& style) {
    const auto& evidence = event.data.at("/evidence");
    if (event.type != "gate.evaluated" || evidence.is_null()) {
        return "";
    }
    return fit(style,
               "               evidence " + printable(documents::write_json(evidence)),
               std::max(style.width, 100)) +
           "\n";
}

using Replayed = std::vector<engine::ReplayedVerdict>;

/// Judged over all events, since some rest on those before; shown of the step that is asked about.
Replayed replay(const Told& told, const Options& options) {
    auto all = engine::replay_gates(told.plan, told.events);
    if (options.step) {
        std::erase_if(all, [&](const engine::ReplayedVerdict& one) {
            return one.recorded.step != *options.step - 1;
        });
    }
    return all;
}

std::string draw_replay_of(const Event& event, const Replayed& replayed) {
    const auto found = std::ranges::find(replayed, event.seq, &engine::ReplayedVerdict::seq);
    return found == replayed.end() ? "" : "               " + replay_text(*found) + "\n";
}

/// What stands in the journal does not follow from what it stored: loud, whatever was printed.
void refuse_if_other(const RolloutRecord& rollout, const Replayed& replayed) {
    const auto is_other = [](const engine::ReplayedVerdict& one) { return one.is_other(); };
    const auto count = std::ranges::count_if(replayed, is_other);
    if (count == 0) {
        return;
    }
    const auto& first = *std::ranges::find_if(replayed, is_other);
    throw Error(
        ExitCode::state_unreadable,
        count_of(count, "verdict") + " of rollout " + std::to_string(rollout.number) +
            (count == 1 ? " does" : " do") + " not follow from what was stored: gate " +
            printable(first.recorded.gate) + ", event " + std::to_string(first.seq) + ", " +
            replay_text(first),
        "deployctl state check tells whether the journal was changed; if it was not, another "
        "version of deployctl has judged by other rules"
    );
}

std::string draw(
    const RolloutRecord& rollout,
    const Told& told,
    const Replayed& replayed,
    const Options& options,
    const Style& style
) {
    auto text = sign(style, sign_of(rollout.state)) + " rollout " +
                printable(describe(rollout, style)) + "\n";
    if (told.story.cause && !options.step) {
        text += cause_rows(*told.story.cause, style) + "\n";
    } else if (!rollout.end_reason.empty()) {
        text += "  why    " + printable(rollout.end_reason) + "\n\n";
    }
    Narrator narrator(style);
    for (const auto& event : told.events) {
        const auto line = narrator.tell(event);
        if (is_told(event, options, style)) {
            text += to_text(event, line, style) + "\n";
            text += options.step ? draw_evidence(event, style) : "";
            text += options.step ? draw_replay_of(event, replayed) : "";
        }
    }
    return text + draw_replay(replayed, style);
}

ExitCode run(const Options& options, Session& session) {
    const auto rollout = find_rollout(session, options.reference);
    const auto told = read_story(session, rollout);
    const auto steps = static_cast<int>(told.plan.course.steps.size());
    if (options.step && (*options.step < 1 || *options.step > steps)) {
        throw Error(
            ExitCode::usage,
            "the rollout has " + std::to_string(steps) + " steps",
            "--step 1 is the first"
        );
    }
    Value::Array events;
    for (const auto& event : told.events) {
        if (is_told(event, options, Style{})) {
            events.push_back(to_value(event));
        }
    }
    const auto replayed = replay(told, options);
    Result result;
    result.value = Value::map({
        {"rollout", to_value(rollout)},
        {"cause", to_value_or_null(told.story.cause)},
        {"events", std::move(events)},
        {"replay", to_value(replayed)},
    });
    result.names = {std::to_string(rollout.number)};
    result.text = [&](const Style& style) { return draw(rollout, told, replayed, options, style); };
    print(session, result);
    refuse_if_other(rollout, replayed);
    return ExitCode::done;
}

}  // namespace

Run explain(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument(
        "ID", "number or id (default: the active rollout, else the last)", into(options->reference)
    );
    form.add_option(
        "--step",
        "N",
        "only this step of the way there, with the raw evidence of its gates",
        into(options->step)
    );
    form.describe(
        "Each verdict of a gate is judged anew from what the journal stored of it, and compared "
        "with what was recorded; exit code 11 where they differ. Where somebody else has judged, "
        "such as a program, it says whose word it is."
    );
    form.add_example("deployctl explain 128", "why it ended as it did");
    form.add_example("deployctl explain 128 --step 6", "what its sixth step measured");
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands
