// SPDX-License-Identifier: Apache-2.0
// What the command line asks of the engine: begin a rollout, go on with one, send one back. Each
// call runs in the caller's process until the rollout ends, pauses, or the runner has to leave it;
// the journal says the same as the answer. Throws Error for accidents before anything was changed.
#pragma once

#include "engine/ports.hpp"
#include "model/journal.hpp"
#include "model/plan.hpp"
#include "model/rollout.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace deployctl::engine {

/// The kind of a Cause: a signal, and what was answered to it, or `on_interrupt`.
inline constexpr std::string_view interrupt_cause = "interrupt";
/// The kind of a Cause: a person asked for the way back.
inline constexpr std::string_view manual_cause = "manual";
inline constexpr std::string_view approval_cause = "approval";  ///< waits for people
inline constexpr std::string_view denied_cause = "denied";      ///< by a person
/// The kind of a Cause: the cluster names a rollout that has not ended; it comes first.
inline constexpr std::string_view unfinished_cause = "unfinished";
/// The kind of a Cause: the cluster names another rollout, or says that this one has ended.
inline constexpr std::string_view superseded_cause = "superseded";
/// The kind of a Cause: another runner holds the Lease of this very rollout, or of the app.
inline constexpr std::string_view held_cause = "locked";
/// The kind of a Cause: the namespace, or all that the rollout was about in it, is not there.
inline constexpr std::string_view namespace_gone = "namespace_gone";
/// The kind of a Cause: the Lease is another runner's by now, or is gone.
inline constexpr std::string_view lost_control_cause = "lost_control";

/// A person's or a signal's doing: it says nothing of the version.
inline bool is_wish(std::string_view kind) {
    return kind == interrupt_cause || kind == manual_cause;
}

struct RunResult {
    RolloutRecord rollout;
    std::optional<Cause> cause;
    ExitCode exit{};
};

/// What to do where somebody else holds the lock.
enum class LockPolicy {
    refuse,     ///< exit 9, naming the holder
    wait,       ///< until it is free, or its lease has run out
    if_silent,  ///< once its lease has run out; a holder that renews meanwhile is named, exit 9
    take_over,  ///< at once; safe, because of the fence
};

/// What to do at a pause: stay and wait for `rollout resume`, or leave with exit code 5.
enum class PausePolicy { wait, leave };

struct RunOptions {
    std::string initiator;  ///< "ada@laptop"
    std::string reason;     ///< why, in the initiator's words
    std::string context;    ///< the kubeconfig context, for display
    std::string remark;     ///< noted as it begins, before anything else; may be empty
    LockPolicy lock = LockPolicy::refuse;
    PausePolicy on_pause = PausePolicy::leave;
    Duration timeout{};       ///< on the way forward: hold it and leave after so long; zero: never
    bool asked_back = false;  ///< going back is what was asked for: done is exit 0
};

/// Begins `plan`; exit 9 where another rollout of the same target is active.
Task<RunResult> start(Ports ports, Plan plan, RunOptions options);
/// Takes up an active rollout where its last runner left it.
Task<RunResult> resume(Ports ports, RolloutRecord rollout, RunOptions options);
/// Whether `retry` can take it forward again: it is going forward, or the traffic was shifted away
/// by whoever interrupted it. Where it was proven bad, or aborted, the way back is the only one.
bool can_retry(const RolloutRecord& rollout, const std::optional<Cause>& cause);
/// Throws Error{usage}, saying what to do instead, where it cannot.
void need_retry(const RolloutRecord& rollout, const std::optional<Cause>& cause);
/// Takes it forward again. On its way back, that is first walked to its end, so that the plan finds
/// the world it was made for, and then the plan from its first step, with all its holds and gates.
Task<RunResult> retry(Ports ports, RolloutRecord rollout, RunOptions options);
/// Sends an active rollout back (`abort`, `rollback`); one that has ended: nothing to do, exit 0.
Task<RunResult> turn_back(Ports ports, RolloutRecord rollout, RequestKind kind, RunOptions options);
/// With nothing but the cluster's record: rebuilds the journal and sends the rollout back, or,
/// where its last rollout has ended, says so.
Task<RunResult> roll_back_from_cluster(
    Ports ports, std::string app, Target target, RunOptions options
);

}  // namespace deployctl::engine
