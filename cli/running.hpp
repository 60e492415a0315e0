// SPDX-License-Identifier: Apache-2.0
// A rollout that is run in this process: the views it is shown in, the engine's call, and what is
// said at its end.
#pragma once

#include "cli/output/progress.hpp"
#include "cli/preparation.hpp"
#include "cli/session.hpp"
#include "engine/rollout.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace deployctl::cli {

/// What may be said about a run, whichever verb begins it.
struct RunChoices {
    std::optional<engine::PausePolicy> on_pause;  ///< wait at a terminal, else leave
    std::optional<Duration> timeout;
    std::string reason;
    std::string events;
    std::string summary;
    bool takeover = false;  ///< a living holder's Lease is taken at once
};

inline constexpr std::string_view it_is_stopped = "it can write no more from then on";

void declare_run(Form& form, RunChoices& choices);
/// --takeover, for the verbs that go on with what somebody else began.
/// `then`: what that means for the former runner.
void declare_takeover(Form& form, RunChoices& choices, std::string_view then = it_is_stopped);
/// How those get the Lease: at once, or as soon as it has run out; a living holder is named.
engine::LockPolicy lock_policy(const RunChoices& choices);
/// Throws Error{usage} where one of the files that a run writes cannot be written.
void need_writable_files(const Session& session, const RunChoices& choices);
engine::RunOptions options_of(Session& session, const RunChoices& choices);

ExitCode run_plan(Session& session, const RunChoices& choices, const Prepared& prepared);

/// Throws Error{state_unreadable} where the last events that the journal has of the app are not as
/// they were written: nothing is gone on with from there.
void need_whole_chain(const Session& session, const std::string& app);

/// What an active rollout is asked for, in this process.
using RunTask =
    std::function<Task<engine::RunResult>(engine::Ports ports, engine::RunOptions options)>;
/// Runs `task` on the rollout's own cluster, which must be the one that it was begun on.
ExitCode run_on(
    Session& session, const RunChoices& choices, const RolloutRecord& rollout, RunTask task
);

/// The same without a word about the end; `order` is what the views begin with.
engine::RunResult do_in_views(
    Session& session,
    const RunChoices& choices,
    const ClusterChoice& choice,
    ProgressOrder order,
    const RunTask& task
);
/// What the views of a rollout begin with that only the cluster knows so far.
ProgressOrder progress_of(const Target& target, const std::string& events);

/// Sends the last rollout of the target back, from the cluster's record alone.
ExitCode run_from_record(
    Session& session, const RunChoices& choices, const ClusterChoice& choice, const Target& target
);

/// The views of a rollout that is recorded already, `events` as --events says.
ProgressOrder progress_of(
    Session& session, const RolloutRecord& rollout, const std::string& events
);

/// Prints the end and answers with its exit code.
ExitCode conclude(Session& session, const engine::RunResult& result, const std::string& summary);

}  // namespace deployctl::cli
