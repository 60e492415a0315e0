// SPDX-License-Identifier: Apache-2.0
#include "simulation/memory.hpp"

#include "engine/drift.hpp"
#include "engine/lease.hpp"
#include "engine/objects.hpp"
#include "engine/plan_json.hpp"
#include "engine/rollout.hpp"
#include "simcluster/behaviour.hpp"

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

constexpr Duration still_ready = Duration::max();

bool is_verdict(std::string_view kind) {
    return !kind.empty() && std::ranges::find(no_verdicts, kind) == no_verdicts.end();
}

bool has_digest_it_names(const Value& record, const StandingSeen& standing) {
    const auto named = record.text("/data/plan_hash");
    return named == standing.plan_hash &&
           engine::hash_of(engine::read_plan(record.at("/data/plan"))) == named;
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
            other.overtaken |= id != seen_.rollout && other.unnamed && !other.ended;
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

/// Counted from when it landed: its sender counts from before that, so not longer.
void note_lease(Memory& memory, const WriteSeen& write) {
    const auto holder = write.after.text("/spec/holderIdentity");
    const auto epoch = write.after.number("/spec/leaseTransitions");
    memory.lock.trust = {holder, epoch, write.at + engine::trust_window};
    const auto view = engine::read_lease(write.after);
    const auto named = memory.lock.standing.find(view.rollout);
    if (named != memory.lock.standing.end()) {
        named->second.unnamed = false;
    }
    if (!view.rollout.empty() && !engine::names_unfinished(view)) {
        memory.lock.standing[view.rollout].ended = true;
    }
}

/// Sizes, selectors and limits that no rollout of the plan ends with.
bool is_half_done(const Plan& plan, const ObjectRef& ref, const Value& object) {
    if (is_production(plan, ref)) {
        return read_labels(object.at("/spec/selector")) !=
               engine::original_selector(plan, ref.name);
    }
    if (is_workload(plan, ref)) {
        const bool is_free = ref.name == plan.workload && plan.scene.autoscaler;
        const int wanted = ref.name == plan.workload ? plan.scene.replicas : 0;
        return !is_free && read_int(object, "/spec/replicas") != wanted;
    }
    return ref.kind == Kind::autoscaler &&
           std::ranges::none_of(plan.snapshot.autoscalers, [&](const Value& original) {
               return object.at("/spec") == original.at("/spec");
           });
}

void note_half_done(Memory& memory, const WriteSeen& write) {
    if (!write.after.is_null() && is_half_done(memory.plan, write.ref, write.after)) {
        memory.lock.half_done[write.ref] = rollout_on(write.after);  // a claim leaves that as it is
    } else {
        memory.lock.half_done.erase(write.ref);
    }
}

/// What is written over stands no more.
void note_over_edit(Memory& memory, const WriteSeen& write) {
    const auto found = memory.outside.edits.find(write.ref);
    if (found == memory.outside.edits.end()) {
        return;
    }
    const auto is_kept = [&](const char* place) {
        return write.before.at(place) == write.after.at(place);
    };
    auto& edit = found->second;
    edit.of_template = edit.of_template && is_kept("/spec/template");
    edit.of_size = edit.of_size && is_kept("/spec/replicas");
    if (!edit.of_template && !edit.of_size) {
        memory.outside.edits.erase(found);
    }
}

bool was_ready_since(const Memory& memory, const std::string& uid, Duration since) {
    const auto last = memory.ready_until.find(uid);
    return last != memory.ready_until.end() && last->second >= since;
}

bool is_ready_from_before(const Memory& memory, const std::string& uid, Duration moment) {
    const auto since = memory.ready_since.find(uid);
    return since != memory.ready_since.end() && since->second < moment;
}

/// Ready, or taken by a fault of the pod's own: it was ready and is not on its way out.
bool counts_as_serving(const Memory& memory, const Endpoint& endpoint) {
    return endpoint.ready ||
           (!endpoint.terminating && memory.ready_until.contains(endpoint.pod_uid));
}

}  // namespace

int floor_of(const Plan& plan) {
    return std::max(1, plan.scene.replicas - plan.scene.max_unavailable);
}

bool is_production(const Plan& plan, const ObjectRef& ref) {
    return ref.kind == Kind::service && std::ranges::count(plan.scene.services, ref.name) > 0;
}

bool is_workload(const Plan& plan, const ObjectRef& ref) {
    return ref.kind == Kind::deployment &&
           (ref.name == plan.workload || ref.name == plan.candidate || ref.name == plan.baseline);
}

const RolloutSeen* find_rollout(const Memory& memory, const Journalled& rollout) {
    const auto found = memory.rollouts.find(rollout);
    return found == memory.rollouts.end() ? nullptr : &found->second;
}

const RolloutSeen* find_rollout(const Memory& memory, const EntrySeen& seen) {
    return find_rollout(memory, Journalled(seen.journal, seen.rollout));
}

const StandingSeen* find_standing(const Memory& memory, const RolloutId& id) {
    const auto found = memory.lock.standing.find(id);
    return found == memory.lock.standing.end() ? nullptr : &found->second;
}

RolloutId rollout_on(const Value& object) {
    return annotation_of(object, mark::rollout).text("");
}

RolloutId rollout_of(const Memory& memory, const WriteSeen& write) {
    const auto intent = memory.intents.find(write.fence);
    return intent == memory.intents.end() ? rollout_on(write.after) : intent->second.rollout.second;
}

std::optional<Direction> direction_on(const Value& object) {
    const auto text = annotation_of(object, mark::direction).view("");
    for (const auto direction : {Direction::forward, Direction::back}) {
        if (text == deployctl::to_text(direction)) {
            return direction;
        }
    }
    return std::nullopt;
}

Observed observe(const Memory& memory, const World& world, Duration at, Duration lag) {
    const auto oldest = at - lag;
    Observed observed;
    for (const auto& service : world.services) {
        if (std::ranges::count(memory.plan.scene.services, service.meta.name) > 0) {
            observed.selectors[service.meta.name] = service.selector;
        }
    }
    for (const auto& workload : world.workloads) {
        observed.sizes[workload.meta.name] = workload.replicas;
        for (const auto* set : replica_sets_of(world, workload)) {
            const auto version = simcluster::version_of(set->pod_template);
            for (const auto* pod : pods_of(world, *set)) {
                const bool ready = pod->ready || was_ready_since(memory, pod->meta.uid, oldest);
                const bool steady = is_ready_from_before(memory, pod->meta.uid, oldest);
                observed.pods.push_back(
                    {workload.meta.name, version, pod->meta.labels, ready, steady}
                );
            }
        }
    }
    return observed;
}

int ready_behind(const Observed& observed, const Labels& selector) {
    return static_cast<int>(std::ranges::count_if(observed.pods, [&](const PodSeen& pod) {
        return pod.ready && selects(selector, pod.labels);
    }));
}

int steady_behind(const Observed& observed, const Labels& selector) {
    return static_cast<int>(std::ranges::count_if(observed.pods, [&](const PodSeen& pod) {
        return pod.steady && selects(selector, pod.labels);
    }));
}

int ready_of(const Observed& observed, const std::string& workload, const Labels& selector) {
    return static_cast<int>(std::ranges::count_if(observed.pods, [&](const PodSeen& pod) {
        return pod.ready && pod.workload == workload && selects(selector, pod.labels);
    }));
}

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

void note(Memory& memory, const WriteSeen& write) {
    if (write.answer != WriteAnswer::done) {
        return;
    }
    note_over_edit(memory, write);
    note_half_done(memory, write);
    if (write.ref.kind == Kind::lease) {
        note_lease(memory, write);
    }
    if (const auto fence = engine::read_fence(write.fence)) {
        memory.fences[write.ref] = *fence;
    }
    const auto standing = memory.lock.standing.find(rollout_of(memory, write));
    if (write.ref.kind == Kind::controller_revision && standing != memory.lock.standing.end()) {
        standing->second.recorded = has_digest_it_names(write.after, standing->second);
    }
}

void note(Memory& memory, const RequestSeen& request) {
    const auto whose = std::pair(request.runner, request.ref);
    const bool is_open =
        request.answer == WriteAnswer::throttled || request.answer == WriteAnswer::unknown;
    if (is_open) {
        memory.effort.asked[whose] = {request.request, request.answered, request.retry_after};
    } else {
        memory.effort.asked.erase(whose);
    }
}

void note(Memory& memory, const World& world, Duration at) {
    for (const auto& pod : world.pods) {
        const auto known = memory.ready_until.find(pod.meta.uid);
        if (pod.ready) {
            memory.ready_until[pod.meta.uid] = still_ready;
            memory.ready_since.try_emplace(pod.meta.uid, at);
            continue;
        }
        memory.ready_since.erase(pod.meta.uid);
        if (known != memory.ready_until.end() && known->second == still_ready) {
            known->second = at;
        }
    }
    // A template that somebody has changed takes pods away, and nobody may be awake to see it: what
    // it costs counts once it is told.
    const bool is_news = std::ranges::any_of(memory.outside.edits, [](const auto& one) {
        return one.second.of_template && !one.second.told;
    });
    for (const auto& service : memory.plan.scene.services) {
        const auto endpoints = endpoints_of(world, service);
        const auto serving = std::ranges::count_if(endpoints, [&](const Endpoint* endpoint) {
            return counts_as_serving(memory, *endpoint);
        });
        if (serving >= floor_of(memory.plan) || is_news) {
            memory.below_since.erase(service);
        } else {
            memory.below_since.try_emplace(service, at);
        }
    }
}

}  // namespace deployctl::simulation
