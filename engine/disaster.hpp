// SPDX-License-Identifier: Apache-2.0
// A failover as data before it is action: from settings and what is known to a list of stages, and
// from the events of one that runs to where it stands. Pure; any thread.
#pragma once

#include "model/operation.hpp"
#include "model/settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::engine {

/// A drill does all of a failover but the switch of the traffic; a failback is one the other way.
enum class Exercise { drill, failover, failback };

const char* to_text(Exercise exercise);
std::optional<Exercise> read_exercise(std::string_view text);
/// "dr.drill": of the operation.
std::string kind_of(Exercise exercise);

enum class DisasterStep {
    age,       ///< how old the data is that the other side has
    approval,  ///< people agree, before anything is changed
    hold,      ///< locks an environment: nothing begins there
    open,      ///< takes such a lock away
    infra,     ///< the stack is as it is configured
    release,   ///< the version is brought out
    restore,   ///< the database from its last backup
    promote,   ///< the replica becomes the primary
    traffic,
    verify,
};

const char* to_text(DisasterStep step);
std::optional<DisasterStep> read_disaster_step(std::string_view text);
/// Whether one that nobody knows the end of may simply be done again.
bool is_repeatable(DisasterStep step);

struct DisasterStage {
    DisasterStep step{};
    std::string environment;
    std::vector<std::string> run;  ///< of a program, filled in
    Duration timeout{};
    std::string script_hash = {};  ///< SHA-256, where it is a script; empty: not looked at

    friend bool operator==(const DisasterStage&, const DisasterStage&) = default;
};

struct LastBackup {
    std::string id;
    std::string artifact;
    WallTime at;

    friend bool operator==(const LastBackup&, const LastBackup&) = default;
};

/// What is known before.
struct DisasterFacts {
    std::string version;  ///< that the environment runs from which it goes
    std::string digest;
    std::optional<LastBackup> backup;  ///< of `dr.database` there
};

struct RecoveryTargets {
    Duration rto{};
    Duration rpo{};

    friend bool operator==(const RecoveryTargets&, const RecoveryTargets&) = default;
};

struct DisasterPlan {
    Exercise exercise{};
    std::string app;
    std::string from;
    std::string to;
    std::string version;
    std::string digest;
    RecoveryTargets targets;
    std::string approval;
    std::string database;
    std::string stack;
    std::optional<LastBackup> backup;
    std::vector<DisasterStage> stages;

    friend bool operator==(const DisasterPlan&, const DisasterPlan&) = default;
};

struct DisasterDraft {
    DisasterPlan plan;
    std::vector<std::string> refusals;
    std::vector<std::string> warnings;
};

/// Throws Error{usage} where there is no `dr`.
DisasterDraft plan_disaster(
    const Configuration& configuration, Exercise exercise, const DisasterFacts& facts
);
std::string to_text(const DisasterPlan& plan);
/// The part of the text that says what a stage does: "release   v3 in dr".
std::string to_text(const DisasterPlan& plan, const DisasterStage& stage);

/// As JSON and back; throws Error{state_unreadable} for what no deployctl wrote.
Value to_value(const DisasterPlan& plan);
DisasterPlan read_disaster_plan(const Value& value);

enum class StageOutcome { done, failed, skipped, paused };

const char* to_text(StageOutcome outcome);
std::optional<StageOutcome> read_stage_outcome(std::string_view text);

struct StageEnd {
    StageOutcome outcome = StageOutcome::done;
    std::string detail;
    Value evidence = {};
    Duration took{};
};

inline constexpr std::string_view stage_started_event = "stage.started";
inline constexpr std::string_view stage_ended_event = "stage.ended";

OperationEvent stage_started(const DisasterPlan& plan, std::size_t stage);
OperationEvent stage_ended(const DisasterPlan& plan, std::size_t stage, const StageEnd& end);

/// Where one stands, by its events.
struct DisasterTrail {
    std::size_t next = 0;       ///< the first stage that is not done
    bool is_under_way = false;  ///< it was begun, and nobody wrote how it ended
    std::optional<Duration> data_age;
    std::optional<WallTime> verified;  ///< when its last stage but for locks was done
};

DisasterTrail read_trail(const DisasterPlan& plan, const std::vector<OperationEvent>& events);

/// Against the targets; what was not measured is not met.
struct DisasterFigures {
    std::optional<Duration> rto;  ///< from the begin to the verified switch
    std::optional<Duration> rpo;  ///< how old the data was
    bool rto_met = false;
    bool rpo_met = false;
};

DisasterFigures figures_of(const DisasterPlan& plan, const DisasterTrail& trail, WallTime started);
/// "RTO 1m40s (target 15m): met; RPO 6m (target 5m): missed".
std::string to_text(const DisasterFigures& figures, const DisasterPlan& plan);
Value to_value(const DisasterFigures& figures, const DisasterPlan& plan);

struct Consent {
    int needed = 1;
    std::vector<std::string> given;  ///< by whom, each person once

    bool is_given() const { return static_cast<int>(given.size()) >= needed; }
};

/// Why what this person says does not count; empty where it does.
std::string object_to(
    const ApprovalSettings& settings, const std::string& initiator, const std::string& identity
);
/// `said`: operations of the kind "dr.approval" of this one.
Consent consent_of(
    const ApprovalSettings& settings,
    const std::string& initiator,
    const std::vector<Operation>& said,
    WallTime now
);

}  // namespace deployctl::engine
