// SPDX-License-Identifier: Apache-2.0
// What is written down, in the order in which it happens: each entry is one fact, becomes one
// event, and the tables of the store are what follows from them. Intent before effect, outcome
// after it. Values; any thread.
#pragma once

#include "model/approval.hpp"
#include "model/kubernetes/object.hpp"
#include "model/rollout.hpp"
#include "model/time.hpp"
#include "model/verdict.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace deployctl {

/// One fact as every reader sees it: `status`, `events`, NDJSON, the live view.
struct Event {
    std::int64_t seq = 0;  ///< grows by one per target
    WallTime at;
    RolloutId rollout;
    std::int64_t number = 0;  ///< of the rollout
    std::string environment;
    std::string type;  ///< "gate.evaluated"
    std::optional<int> step;
    Value data;
};

enum class StepResult { done, failed, skipped };
enum class EffectVerb { patch, create, remove };
/// `unknown` is settled by reading the object.
enum class AttemptState { intent, applied, not_applied, unknown, refused };

const char* to_text(StepResult result);
const char* to_text(EffectVerb verb);
const char* to_text(AttemptState state);

struct RolloutBegun {
    std::string initiator;
    std::string previous_version;
    std::string next_version;
    StrategyKind strategy{};
    int steps = 0;
};

struct LeaseTaken {
    std::int64_t epoch = 0;
    Runner runner;
};

struct StateChanged {
    RolloutState from{};
    RolloutState to{};
    Direction direction{};
    std::string reason;
    std::optional<ExitCode> exit;  ///< set where the state is an end, or the runner leaves
};

struct StepStarted {
    Direction direction{};
    int step = 0;
    std::string stage;
    std::string text;
};

struct StepFinished {
    Direction direction{};
    int step = 0;
    std::string stage;
    StepResult result{};
    std::string detail;
    Duration took{};
};

struct IntentRecorded {
    std::string attempt;  ///< UUIDv7
    Direction direction{};
    int step = 0;
    EffectVerb verb{};
    ObjectRef object;
    std::string fence_before;  ///< empty where the object had none
    std::string fence_after;
    std::string request_hash;  ///< SHA-256 of what is sent
};

struct OutcomeRecorded {
    std::string attempt;
    AttemptState state{};
    std::string detail;
};

/// What the policy made of a verdict and those before it, and what else it went by.
struct GateRuled {
    int errors_in_a_row = 0;
    int inconclusive_in_a_row = 0;
    std::optional<Duration> waited;  ///< where the step waits for this gate alone
    std::string decision;            ///< "passed"; empty: of an older version, which did not tell
};

struct GateEvaluated {
    int step = 0;
    std::string gate;
    Verdict verdict;
    int good_in_a_row = 0;
    int bad_in_a_row = 0;
    GateRuled ruled = {};
};

/// From here on it waits for people, which no deadline counts.
struct ApprovalAwaited {
    int step = 0;
    std::string name;
    int needed = 1;
};

/// What somebody said of it, and why that does not count, where it does not.
struct ApprovalHeard {
    int step = 0;
    Approval approval;
    std::string trouble;
};

struct CauseFound {
    Cause cause;
};

/// What a person or another process asks of a running rollout.
enum class RequestKind { pause, resume, retry, advance, abort, rollback };

const char* to_text(RequestKind kind);

struct RequestTaken {
    std::int64_t request = 0;
    RequestKind kind{};
    std::string by;
    std::string reason;
};

/// A task is about to be run; the intent of an effect that no fence guards.
struct TaskBegan {
    Direction direction{};
    int step = 0;
    std::string task;
    std::string attempt;  ///< UUIDv7
    std::string text;
};

/// What it told meanwhile: "aws_db_instance.main: modifying".
struct TaskTold {
    int step = 0;
    std::string task;
    Value data;
};

enum class TaskEnd {
    done,
    failed,
    cannot_tell,  ///< a person has to look
};

const char* to_text(TaskEnd end);

struct TaskEnded {
    int step = 0;
    std::string task;
    std::string attempt;
    TaskEnd end{};
    std::string detail;
    Value evidence;
    Duration took{};
};

/// The split that is now in force.
struct TrafficMoved {
    WeightRow weight;
};

struct Noted {
    std::string text;
};

using Entry = std::variant<
    RolloutBegun,
    LeaseTaken,
    StateChanged,
    StepStarted,
    StepFinished,
    IntentRecorded,
    OutcomeRecorded,
    GateEvaluated,
    ApprovalAwaited,
    ApprovalHeard,
    CauseFound,
    RequestTaken,
    TrafficMoved,
    Noted,
    TaskBegan,
    TaskTold,
    TaskEnded>;

/// "step.started".
const char* event_type_of(const Entry& entry);
/// The type, step and data of the event that the entry becomes; seq, time and rollout are the
/// store's.
Event to_event(const Entry& entry);

/// Back from its event; nothing where it is another's, or nobody can read it.
std::optional<GateEvaluated> read_gate_evaluated(const Event& event);

struct Request {
    std::int64_t id = 0;
    RequestKind kind{};
    std::string by;
    std::string reason;
};

/// An intent whose outcome nobody wrote.
struct OpenAttempt {
    IntentRecorded intent;
    AttemptState state{};
};

Value to_value(const Cause& cause);
Cause read_cause(const Value& value);
Value to_value(const Runner& runner);
Runner read_runner(const Value& value);

}  // namespace deployctl
