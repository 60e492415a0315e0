// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/finding.hpp"
#include "cli/output/records_json.hpp"
#include "cli/output/result.hpp"
#include "cli/output/status_view.hpp"
#include "cli/reading.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

ExitCode run(const std::string& reference, Session& session) {
    const auto rollout = find_rollout(session, reference);
    const auto told = read_story(session, rollout);
    const auto liveness = session.parts.runners().liveness(rollout.owner);
    Result result;
    result.value = Value::map({
        {"rollout", to_value(rollout)},
        {"runner",
         liveness == Liveness::alive  ? "alive"
         : liveness == Liveness::dead ? "dead"
                                      : "unknown"},
        {"story", to_value(told.story)},
        {"cause", to_value_or_null(told.story.cause)},
    });
    result.names = {std::to_string(rollout.number)};
    const auto now = session.parts.clock().now();
    result.text = [&](const Style& style) {
        return draw_status({rollout, told.story, told.steps, liveness}, now, style);
    };
    print(session, result);
    return ExitCode::done;
}

}  // namespace

Run rollout_status(Form& form) {
    const auto reference = std::make_shared<std::string>();  // shared with the form's reader
    form.add_optional_argument(
        "ID", "number or id (default: the active rollout of app and environment)", into(*reference)
    );
    form.describe("Reads the journal alone: it needs no cluster.");
    form.add_example("deployctl rollout status", "the active one, else the last");
    form.add_example("deployctl rollout status 128 -o json", "for scripts");
    form.add_example(
        "deployctl -C services/web rollout status --ascii", "of the app in another folder"
    );
    return [reference](Session& session) { return run(*reference, session); };
}

}  // namespace deployctl::cli::commands
