// SPDX-License-Identifier: Apache-2.0
// A rollout as the journal knows it: its state, the one table of transitions, and why it ended.
// Values; any thread.
#pragma once

#include "model/error.hpp"
#include "model/plan.hpp"
#include "model/time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl {

using RolloutId = std::string;  ///< UUIDv7

enum class RolloutState {
    pending,
    running,
    paused,
    rolling_back,
    needs_human,
    promoted,
    rolled_back,
    aborted,
    superseded,
};

enum class RolloutEvent {
    start,  ///< the first runner takes it up
    pause,
    resume,
    retry,      ///< forward again, once the way back is walked to its end
    turn_back,  ///< failed, aborted or asked to roll back, with something to restore
    finish,     ///< the last step of the present direction is done
    cancel,     ///< ended before anything was changed
    give_up,    ///< cannot be finished without a person
    supersede,
    close,  ///< a person takes it out of deployctl's hands
};

const char* to_text(RolloutState state);
const char* to_text(RolloutEvent event);
std::optional<RolloutState> read_rollout_state(std::string_view text);
std::vector<RolloutState> all_rollout_states();

/// The state after the event, or nothing where the event cannot happen in that state.
std::optional<RolloutState> transition(RolloutState state, RolloutEvent event);

constexpr bool is_terminal(RolloutState state) {
    return state == RolloutState::promoted || state == RolloutState::rolled_back ||
           state == RolloutState::aborted || state == RolloutState::superseded;
}

/// Who runs a rollout: enough to prove on the same host that it is dead.
struct Runner {
    std::string identity;  ///< "ci:acme/checkout run=881" or "ada@laptop"
    std::string host;
    std::int64_t pid = 0;
    std::int64_t pid_start = 0;  ///< clock ticks since boot, field 22 of /proc/PID/stat
    std::string boot_id;
    std::string pid_namespace = {};  ///< "pid:[4026531836]": where `pid` means something

    friend bool operator==(const Runner&, const Runner&) = default;
};

/// One pod that is in trouble, with what it left behind.
struct PodTrouble {
    std::string pod;
    std::string container;
    std::string reason;            ///< "CrashLoopBackOff"
    std::string detail;            ///< "exit 1, restarted 3 times"
    std::vector<std::string> log;  ///< the last lines, of the previous container first
};

/// Why a rollout did not go through: kept in the journal, after the pods are gone.
struct Cause {
    std::string kind;      ///< "gate", "crash_loop", "bad_image", "unready", "manual", ...
    std::string headline;  ///< one line, with numbers
    std::string stage;     ///< where: "25%"
    std::string subject;   ///< gate or object
    std::string measured;  ///< "11 of 20 requests failed (55%)"
    std::string limit;     ///< "0%"
    std::vector<PodTrouble> pods;
    std::vector<std::string> notices;  ///< events of the cluster
    std::vector<std::string> changes;  ///< what came with the release
    std::vector<std::string> later;    ///< causes that came after the first
};

/// The row that `status` and `history` show.
struct RolloutRecord {
    RolloutId id;
    std::int64_t number = 0;  ///< local alias, for display
    Target target;
    std::string context;
    StrategyKind strategy{};
    RolloutState state = RolloutState::pending;
    Direction direction = Direction::forward;
    int step = 0;              ///< index of the step at hand, in the present direction
    std::int64_t version = 0;  ///< grows by one with each append
    std::int64_t epoch = 0;    ///< of the fence
    Runner owner;
    std::string previous_version;
    std::string next_version;
    std::string digest;
    std::string plan_hash;
    std::string initiator;
    std::string reason;  ///< given by whoever started it
    WallTime started;
    std::optional<WallTime> ended;
    std::string end_reason;  ///< one line
    std::optional<ExitCode> exit;
};

/// The newest by its end: whatever is under way comes first.
bool ended_later(const RolloutRecord& a, const RolloutRecord& b);

}  // namespace deployctl
