// SPDX-License-Identifier: Apache-2.0
#include "simulation/memory.hpp"

#include "engine/conditions.hpp"
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

constexpr Duration still_ready = Duration::max();

bool has_digest_it_names(const Value& record, const StandingSeen& standing) {
    const auto named = record.text("/data/plan_hash");
    return named == standing.plan_hash &&
           engine::hash_of(engine::read_plan(record.at("/data/plan"))) == named;
}

/// Counted from when it landed: its sender counts from before that, so not longer.
void note_lease(Memory& memory, const WriteSeen& write) {
    const auto holder = write.after.text("/spec/holderIdentity");
    const auto epoch = write.after.number("/spec/leaseTransitions");
    if (holder != memory.lock.trust.holder || epoch != memory.lock.trust.epoch) {
        memory.lock.taken[holder] = write.at;
    }
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
        const auto size = read_int(object, "/spec/replicas");
        const bool is_ends =
            ref.name == plan.workload
                ? size == plan.scene.replicas || size == engine::size_of(plan, Version::next)
                : size == 0;
        return !is_free && !is_ends;
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
    const int least = std::min(plan.scene.replicas, engine::size_of(plan, Version::next));
    return std::max(1, least - plan.scene.max_unavailable);
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

/// There are few, and each rule asks for it: no key is made to look for.
const RolloutSeen* find_rollout(const Memory& memory, const EntrySeen& seen) {
    const auto found = std::ranges::find_if(memory.rollouts, [&](const auto& one) {
        return one.first.first == seen.journal && one.first.second == seen.rollout;
    });
    return found == memory.rollouts.end() ? nullptr : &found->second;
}

const StandingSeen* find_standing(const Memory& memory, const RolloutId& id) {
    const auto found = memory.lock.standing.find(id);
    return found == memory.lock.standing.end() ? nullptr : &found->second;
}

Duration taken_at(const Memory& memory, const EntrySeen& seen) {
    const auto found = memory.lock.taken.find(seen.runner);
    return found == memory.lock.taken.end() ? seen.at : found->second;
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
        const bool was_ready = known != memory.ready_until.end() && known->second == still_ready;
        if (pod.ready && !was_ready) {
            memory.ready_until[pod.meta.uid] = still_ready;
            memory.ready_since[pod.meta.uid] = at;
        } else if (!pod.ready && was_ready) {
            known->second = at;
            memory.ready_since.erase(pod.meta.uid);
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
