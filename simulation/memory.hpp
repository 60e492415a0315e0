// SPDX-License-Identifier: Apache-2.0
// What the trace has told so far: what the rules compare the next write or entry with. A value; one
// thread.
#pragma once

#include "engine/fence.hpp"
#include "model/kubernetes/world.hpp"
#include "model/plan.hpp"
#include "simulation/trace.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace deployctl::simulation {

/// A pod that is not on its way out.
struct PodSeen {
    std::string workload;
    std::string version;
    Labels labels;
    bool ready = false;   ///< or was until just now
    bool steady = false;  ///< ready for so long that every look shows it
};

/// The world as a runner can have seen it when it decided.
struct Observed {
    std::vector<PodSeen> pods;
    std::map<std::string, Labels> selectors;  ///< of the production Services
    std::map<std::string, int> sizes;         ///< wanted, by workload
};

/// A rollout as one journal tells it.
using Journalled = std::pair<int, RolloutId>;

struct IntentSeen {
    IntentRecorded intent;
    Journalled rollout;
    Observed observed;
    Duration at{};
    Duration lag{};  ///< by which the look that it rests upon may be older
};

/// The step that was entered last.
struct StepSeen {
    int step = -1;
    Direction direction = Direction::forward;
    Duration since{};
    std::string stage = {};
    bool has_measured = false;               ///< the new version, since the stage began
    bool advanced = false;                   ///< somebody asked to go on at once
    std::map<std::string, int> passed = {};  ///< by gate: in a row, as this runner saw it

    /// What one runner has heard is not another one's own.
    void forget() {
        passed.clear();
        has_measured = false;
    }
};

/// One of the plan's tasks, since the rollout took its present direction.
struct TaskSeen {
    bool done = false;
    bool open = false;
    std::int64_t epoch = 0;  ///< of the runner that began it last
};

/// A rollout as one journal tells it.
struct RolloutSeen {
    RolloutState state = RolloutState::pending;
    Direction direction = Direction::forward;
    std::int64_t version = 1;
    bool sent_back = false;   ///< somebody asked for the way back, and was heard
    bool proven_bad = false;  ///< it goes back because of a verdict
    std::string cause;        ///< kind of the last one
    std::int64_t epoch_taken = 0;
    std::map<std::string, AttemptState> attempts;  ///< by id
    StepSeen entered;
    std::map<std::string, TaskSeen> tasks;
    bool is_past_contract = false;
};

/// A rollout as it stands on the cluster, whichever journals tell of it.
struct StandingSeen {
    std::string plan_hash;
    bool recorded = false;              ///< its record stands, with the right digest
    bool leased = false;                ///< it has held the Lease
    bool ended = false;                 ///< a journal says so, or the Lease
    bool promoted = false;              ///< as a journal says
    bool unnamed = false;               ///< somebody has deleted the Lease that named it
    std::optional<Duration> overtaken;  ///< and since nothing told of it, another took the next
    std::int64_t epoch_claimed = 0;     ///< every object of the plan was claimed by it
};

/// Until when whoever holds the Lease may act without a new look at it, at most.
struct Trust {
    std::string holder;  ///< empty: nobody
    std::int64_t epoch = 0;
    Duration until{};
};

/// How often in a row an object could not be written.
struct Tries {
    int step = -1;
    int in_vain = 0;
};

/// A request without an answer, or with one that asks for patience.
struct Asked {
    std::string request;
    Duration answered{};
    std::optional<Duration> retry_after;
};

/// Somebody else's change of what a rollout owns, and what a person has said to it.
struct EditSeen {
    Duration at{};
    bool of_size = false;      ///< and nothing of ours has written the size since
    bool of_template = false;  ///< the same
    bool told = false;
    bool decided = false;
    bool template_is_told = false;     ///< the change of it, which came before this one of the size
    bool template_is_decided = false;  ///< the same
};

/// How often, and how hastily, something is tried.
struct Effort {
    std::map<std::string, ObjectRef> objects;  ///< by attempt
    std::map<ObjectRef, Tries> tries;
    std::map<std::pair<std::string, ObjectRef>, Asked> asked;  ///< by runner and object
};

/// Who holds the Lease, who need not be waited for, and how rollouts stand there.
struct Lock {
    Trust trust;
    std::set<std::string> gone;             ///< runners that act no more
    std::set<std::string> impatient;        ///< runners that were told to take it at once
    std::map<std::string, Duration> taken;  ///< when, by runner: its journal may tell it much later
    std::map<RolloutId, StandingSeen> standing;
    /// Not as a rollout leaves it at its end, and by which one.
    std::map<ObjectRef, RolloutId> half_done;
};

/// What is no rollout's doing.
struct Outside {
    std::map<ObjectRef, EditSeen> edits;  ///< that stand
    std::string planted;                  ///< a secret in the pod template; empty: none
};

struct Memory {
    Plan plan;
    Duration lag{};  ///< by which a runner's look may be older than the world
    std::map<Journalled, RolloutSeen> rollouts;
    std::map<std::string, IntentSeen> intents;    ///< by the fence that they leave
    std::set<ObjectRef> removals;                 ///< intended
    std::map<ObjectRef, engine::Fence> fences;    ///< the highest that was written
    std::map<std::string, Duration> ready_until;  ///< by uid of the pod; the end of time: it is
    std::map<std::string, Duration> ready_since;  ///< by uid of a pod that is
    std::map<std::string, Duration> below_since;  ///< by Service: fewer serve than have to
    Effort effort;
    Lock lock;
    Outside outside;
};

/// Pods that have to serve at all times.
int floor_of(const Plan& plan);
bool is_production(const Plan& plan, const ObjectRef& ref);
bool is_workload(const Plan& plan, const ObjectRef& ref);
const RolloutSeen* find_rollout(const Memory& memory, const Journalled& rollout);
/// As the journal tells it that the entry was written to.
const RolloutSeen* find_rollout(const Memory& memory, const EntrySeen& seen);
const StandingSeen* find_standing(const Memory& memory, const RolloutId& id);
/// When the Lease was taken that the entry tells of.
Duration taken_at(const Memory& memory, const EntrySeen& seen);
/// The id of the rollout that an object says it was written by.
RolloutId rollout_on(const Value& object);
/// Whose write it is: its intent tells, since a claim leaves no mark of its rollout; else the
/// object.
RolloutId rollout_of(const Memory& memory, const WriteSeen& write);
std::optional<Direction> direction_on(const Value& object);

/// By a look that may be older by `lag`.
Observed observe(const Memory& memory, const World& world, Duration at, Duration lag);
int ready_behind(const Observed& observed, const Labels& selector);
int steady_behind(const Observed& observed, const Labels& selector);
int ready_of(const Observed& observed, const std::string& workload, const Labels& selector);

void note_begin(Memory& memory, int journal, const RolloutRecord& record);
void note(Memory& memory, const EntrySeen& seen, const World& world);
void note(Memory& memory, const WriteSeen& write);
void note(Memory& memory, const RequestSeen& request);
void note(Memory& memory, const World& world, Duration at);

}  // namespace deployctl::simulation
