// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/finding.hpp"
#include "cli/running.hpp"
#include "cli/watching.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    std::string reference;
    std::optional<RolloutState> until;
    std::optional<Duration> timeout;
    std::string events;
};

ExitCode run(const Options& options, Session& session) {
    const auto rollout = find_rollout(session, options.reference);
    const auto views = make_progress(session, progress_of(session, rollout, options.events));
    WatchOrder order;
    order.rollout = rollout.id;
    order.until = options.until;
    order.timeout = options.timeout;
    const auto end = wait_for(session.parts, watch(&session.parts, views.get(), order));
    views->close();
    return conclude(session, {end.rollout, end.cause, end.exit}, "");
}

}  // namespace

Run rollout_watch(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument(
        "ID", "number or id (default: the active rollout)", into(options->reference)
    );
    std::vector<std::pair<std::string, RolloutState>> states;
    for (const auto state : all_rollout_states()) {
        states.emplace_back(to_text(state), state);
    }
    form.add_option(
        "--until",
        "STATE",
        "stop, with exit code 0, when it is in this state",
        one_of<std::optional<RolloutState>, RolloutState>(options->until, std::move(states))
    );
    form.add_option(
        "--timeout", "DURATION", "stop watching after so long; exit code 8", into(options->timeout)
    );
    form.add_option(
        "--events", "FILE", "every event as NDJSON, into a file or fd:3", into(options->events)
    );
    form.describe(
        "Tells from the beginning what happened, then what happens; ends as the rollout ends, with "
        "its exit code."
    );
    form.add_example("deployctl rollout watch 128", "join from any shell");
    form.add_example(
        "deployctl rollout watch 128 --until paused --timeout 30m", "wait for a pause"
    );
    form.add_example("deployctl rollout watch 128 --events events.ndjson -q", "for a program");
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands
