// SPDX-License-Identifier: Apache-2.0
// What the memory takes in of the journals.
#include "engine/drift.hpp"
#include "engine/lease.hpp"
#include "engine/rollout.hpp"
#include "simcluster/behaviour.hpp"
#include "simulation/memory.hpp"

#include <algorithm>
#include <array>

namespace deployctl::simulation {

namespace {

/// Kinds of a cause that say nothing about the version.
constexpr std::array no_verdicts{
    engine::manual_cause,
    engine::interrupt_cause,
    engine::drift_cause,
};

bool is_verdict(std::string_view kind) {
    return !kind.empty() && std::ranges::find(no_verdicts, kind) == no_verdicts.end();
}

class NoteEntry {
public:
    NoteEntry(Memory& memory, const EntrySeen& seen, const World& world)
        : memory_(memory),
          seen_(seen),
          world_(world),
          rollout_(memory.rollouts[{seen.journal, seen.rollout}]),
          standing_(memory.lock.standing[seen.rollout]) {}

    void operator()(const LeaseTaken& entry) {
        rollout_.epoch_taken = entry.epoch;
        for (auto& [id, other] : memory_.lock.standing) {
            if (id != seen_.rollout && other.unnamed && !other.ended && !other.overtaken) {
                other.overtaken = taken_at(memory_, seen_);
            }
        }
        standing_.leased = true;
        rollout_.entered.forget();
    }

    void operator()(const StateChanged& entry) {
        if (entry.from == RolloutState::paused && entry.to == RolloutState::running) {
            decide_on_edits();
        }
        if (entry.direction == Direction::back && rollout_.direction == Direction::forward) {
            rollout_.proven_bad = is_verdict(rollout_.cause);
        }
        if (entry.direction != rollout_.direction) {
            rollout_.tasks.clear();
        }
        for (auto& [name, task] : rollout_.tasks) {
            task.epoch = 0;  // what was called off with a pause is begun again
        }
        rollout_.sent_back = entry.direction == Direction::back;
        rollout_.proven_bad = rollout_.proven_bad && rollout_.sent_back;
        rollout_.state = entry.to;
        rollout_.direction = entry.direction;
        if (entry.from != entry.to) {  // an import has claimed nothing yet
            claim_all();
        }
        // A journal that was left behind is closed, wherever the rollout itself is.
        standing_.promoted |= entry.to == RolloutState::promoted;
        standing_.ended |= is_terminal(entry.to) && entry.to != RolloutState::superseded;
    }

    void operator()(const StepStarted& entry) {
        claim_all();
        const bool measured =
            rollout_.entered.has_measured && rollout_.entered.stage == entry.stage;
        rollout_.entered = {entry.step, entry.direction, seen_.at, entry.stage, measured};
    }

    void operator()(const IntentRecorded& entry) {
        rollout_.attempts[entry.attempt] = AttemptState::intent;
        memory_.effort.objects[entry.attempt] = entry.object;
        auto& tries = memory_.effort.tries[entry.object];
        if (tries.step != entry.step) {
            tries = {entry.step, 0};
        }
        if (entry.verb == EffectVerb::remove) {
            memory_.removals.insert(entry.object);
        } else {
            const auto lag = memory_.lag + seen_.waited;
            memory_.intents[entry.fence_after] = {
                entry,
                {seen_.journal, seen_.rollout},
                observe(memory_, world_, seen_.at, lag),
                seen_.at,
                lag
            };
        }
    }

    void operator()(const OutcomeRecorded& entry) {
        rollout_.attempts[entry.attempt] = entry.state;
        auto& tries = memory_.effort.tries[memory_.effort.objects[entry.attempt]];
        tries.in_vain = entry.state == AttemptState::applied ? 0 : tries.in_vain + 1;
    }

    void operator()(const GateEvaluated& entry) {
        int& passed = rollout_.entered.passed[entry.gate];
        passed = entry.verdict.answer == Answer::pass ? passed + 1 : 0;
        const auto next = simcluster::version_of(memory_.plan.release.pod_template);
        rollout_.entered.has_measured |= has_measured(seen_.samples, next);
    }

    void operator()(const CauseFound& entry) {
        rollout_.cause = entry.cause.kind;
        for (auto& [ref, edit] : memory_.outside.edits) {
            edit.told = edit.told || tells_of(entry.cause, ref);
        }
    }

    void operator()(const TaskBegan& entry) {
        const bool was_elsewhere = entry.attempt.empty();
        rollout_.tasks[entry.task] = {false, true, was_elsewhere ? 0 : rollout_.epoch_taken};
        const auto task = memory_.plan.tasks.find(entry.task);
        rollout_.is_past_contract |=
            task != memory_.plan.tasks.end() && task->second.migration == Migration::contract;
    }

    void operator()(const TaskEnded& entry) {
        auto& task = rollout_.tasks[entry.task];
        task.open = false;
        task.done = entry.end == TaskEnd::done;
    }

    void operator()(const RequestTaken& entry) {
        const bool sends_back =
            entry.kind == RequestKind::abort || entry.kind == RequestKind::rollback;
        rollout_.sent_back = rollout_.sent_back || sends_back;
        rollout_.entered.advanced |= entry.kind == RequestKind::advance;
    }

    // The others change nothing that a rule asks for.
    template <class Other>
    void operator()(const Other&) {}

private:
    void claim_all() {
        standing_.epoch_claimed = std::max(standing_.epoch_claimed, rollout_.epoch_taken);
    }

    static bool tells_of(const Cause& cause, const ObjectRef& ref) {
        const auto name = deployctl::to_text(ref) + ":";
        return cause.kind == engine::drift_cause &&
               std::ranges::any_of(cause.changes, [&](const std::string& line) {
                   return line.starts_with(name);
               });
    }

    /// Who goes on from a pause has read what was told.
    void decide_on_edits() {
        for (auto& [ref, edit] : memory_.outside.edits) {
            edit.decided = edit.decided || edit.told;
            edit.template_is_decided = edit.template_is_decided || edit.template_is_told;
        }
    }

    Memory& memory_;
    const EntrySeen& seen_;
    const World& world_;
    RolloutSeen& rollout_;
    StandingSeen& standing_;
};

}  // namespace

void note_begin(Memory& memory, int journal, const RolloutRecord& record) {
    RolloutSeen seen;
    seen.version = record.version;
    seen.state = record.state;  // an import begins in the middle
    seen.direction = record.direction;
    seen.sent_back = record.direction == Direction::back;
    seen.epoch_taken = record.epoch;
    memory.rollouts[{journal, record.id}] = seen;
    memory.lock.standing[record.id].plan_hash = record.plan_hash;
}

void note(Memory& memory, const EntrySeen& seen, const World& world) {
    std::visit(NoteEntry(memory, seen, world), seen.entry);
    memory.rollouts[{seen.journal, seen.rollout}].version = seen.version;
}

}  // namespace deployctl::simulation
