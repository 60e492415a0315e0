// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/connection.hpp"
#include "cli/finding.hpp"
#include "cli/output/lock_view.hpp"
#include "cli/output/records_json.hpp"
#include "cli/output/result.hpp"
#include "cli/output/status_view.hpp"
#include "cli/reading.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    std::string reference;
    bool offline = false;
};

/// What the cluster says of the lock, and in words, also where it cannot be asked.
struct Lock {
    Value value;
    std::string text;
};

/// The journal has the last word on everything else, so a cluster that does not answer is no
/// failure of `status`.
Lock ask_for_lock(Session& session, const RolloutRecord& rollout) {
    const auto now = session.parts.clock().now();
    try {
        const auto choice = connect_to(session, rollout);
        const auto seen = wait_for(
            session.parts, engine::view_lease(session.parts.cluster(choice), rollout.target)
        );
        const bool is_its = !seen.exists || seen.rollout == rollout.id;
        const auto other = is_its ? "" : "; it names rollout " + seen.rollout;
        return {lock_value(seen, now), lock_text(seen, now) + other};
    } catch (const Error& error) {
        return {nullptr, std::string("not known: ") + error.what()};
    }
}

ExitCode run(const Options& options, Session& session) {
    const auto rollout = find_rollout(session, options.reference);
    const bool is_asked = !options.offline && !is_terminal(rollout.state);
    const auto lock = is_asked ? ask_for_lock(session, rollout) : Lock{};
    const auto told = read_story(session, rollout);
    const auto liveness = session.parts.runners().liveness(rollout.owner);
    Result result;
    result.value = Value::map({
        {"rollout", to_value(rollout)},
        {"runner",
         liveness == Liveness::alive  ? "alive"
         : liveness == Liveness::dead ? "dead"
                                      : "unknown"},
        {"lock", lock.value},
        {"story", to_value(told.story)},
        {"cause", to_value_or_null(told.story.cause)},
    });
    result.names = {std::to_string(rollout.number)};
    const auto now = session.parts.clock().now();
    result.text = [&](const Style& style) {
        return draw_status({rollout, told.story, told.steps, liveness, lock.text}, now, style);
    };
    print(session, result);
    return ExitCode::done;
}

}  // namespace

Run rollout_status(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument(
        "ID",
        "number or id (default: the active rollout of app and environment)",
        into(options->reference)
    );
    form.add_flag("--offline", options->offline, "the journal alone; the cluster is not asked");
    form.describe(
        "Reads the journal; of a rollout that has not ended also its lock in the cluster: who "
        "holds "
        "it, where, the age of the last heartbeat, the epoch."
    );
    form.add_example("deployctl rollout status", "the active one, else the last");
    form.add_example("deployctl rollout status 128 -o json", "for scripts");
    form.add_example("deployctl rollout status --offline", "while the cluster is out of reach");
    form.add_example(
        "deployctl -C services/web rollout status --ascii", "of the app in another folder"
    );
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands
