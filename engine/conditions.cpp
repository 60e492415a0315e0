// SPDX-License-Identifier: Apache-2.0
#include "engine/conditions.hpp"

#include "engine/objects.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

std::string of_text(int have, int want, const std::string& what) {
    return std::to_string(have) + " of " + std::to_string(want) + " " + what;
}

Reading read_slot(const Plan& plan, const World& world, Slot slot, std::optional<int> wanted_size) {
    const auto* workload = find_workload(world, name_of(plan, slot));
    if (workload == nullptr) {
        return {wanted_size == 0, "Deployment/" + name_of(plan, slot) + " is not there", 0};
    }
    // Somebody (an autoscaler, a person) may have made it larger in the meantime: then all of it
    // counts.
    const int wanted = std::max(wanted_size.value_or(0), workload->replicas);
    const int good = std::min(workload->updated, workload->available);
    // While it rolls, those of the old template are available too: they are no progress.
    const auto* set = current_replica_set(world, *workload);
    const int of_this_template = set == nullptr ? 0 : set->available;
    const bool is_observed = workload->observed_generation >= workload->meta.generation;
    const bool is_settled =
        workload->status_replicas == workload->updated && workload->updated == wanted;
    const auto what = std::string(to_text(slot)) + " pods are ready";
    return {
        is_observed && is_settled && good >= wanted,
        of_text(of_this_template, wanted, what),
        of_this_template
    };
}

bool is_among(const std::vector<const Pod*>& pods, const Endpoint& endpoint) {
    return std::ranges::any_of(pods, [&](const Pod* pod) {
        return pod->meta.uid == endpoint.pod_uid;
    });
}

/// Ready endpoints of the Service that are pods of the slot, and those that are not.
struct Reach {
    int ours = 0;
    int others = 0;
};

Reach reach_of(
    const World& world, const std::string& service, const std::vector<const Pod*>& pods
) {
    Reach reach;
    for (const auto* endpoint : endpoints_of(world, service)) {
        if (endpoint->ready && !endpoint->terminating) {
            (is_among(pods, *endpoint) ? reach.ours : reach.others) += 1;
        }
    }
    return reach;
}

Reading read_endpoints_of(const Plan& plan, const World& world, const AwaitEndpoints& action) {
    const auto slot = action.to == Pointing::candidate ? Slot::candidate : Slot::stable;
    const auto pods = pods_of_slot(plan, world, slot);
    const auto reach = reach_of(world, action.service, pods);
    const auto ready =
        static_cast<int>(std::ranges::count_if(pods, [](const Pod* pod) { return pod->ready; }));
    const bool is_original = action.to == Pointing::original;
    const bool holds = is_original ? reach.ours + reach.others > 0
                                   : reach.ours > 0 && reach.ours >= ready && reach.others == 0;
    auto text = "service " + action.service + " has " + of_text(reach.ours, ready, to_text(slot)) +
                " endpoints";
    if (reach.others > 0 && !is_original) {
        text += " and " + std::to_string(reach.others) + " others";
    }
    return {holds, text, reach.ours - reach.others};
}

/// Pods that the Service selects now, and with another selector would not, ready or not: one that
/// is not ready may be in a moment.
bool leaves_pods(const World& world, const std::string& name, const Labels& selector) {
    const auto* service = find_service(world, name);
    return service != nullptr && std::ranges::any_of(world.pods, [&](const Pod& pod) {
               return !pod.is_leaving() && selects(service->selector, pod.meta.labels) &&
                      !selects(selector, pod.meta.labels);
           });
}

/// Of stable's pods, before a Service leaves others for them. Back, those that are left may be as
/// bad as their version: as many as serve now are enough, and one where nobody does.
int ready_before_a_move(
    const Plan& plan, const World& world, const std::string& service, Direction direction
) {
    const int floor = std::max(1, floor_of(plan));
    return direction == Direction::forward
               ? floor
               : std::clamp(reach_of(world, service, {}).others, 1, floor);
}

}  // namespace

int floor_of(const Plan& plan) {
    const int least = std::min(plan.scene.replicas, size_of(plan, Version::next));
    return least - plan.scene.max_unavailable;
}

int size_of(const Plan& plan, Version version) {
    const auto& steps = plan.course.steps;
    const auto is_written = [&](const Step& step) {
        const auto* write = std::get_if<WriteTemplate>(&step.action);
        return write != nullptr && write->version == version && write->replicas;
    };
    const auto found = std::ranges::find_if(steps, is_written);
    return found == steps.end() ? plan.scene.replicas
                                : *std::get<WriteTemplate>(found->action).replicas;
}

Condition slot_is_ready(const Plan& plan, const AwaitReady& action) {
    return [&plan, action](const World& world) {
        return read_slot(plan, world, action.slot, action.replicas);
    };
}

Condition weight_is_reached(const Plan& plan, const AwaitWeight& action) {
    return [&plan, weight = action.weight](const World& world) {
        auto reading = read_slot(plan, world, Slot::candidate, weight.candidate);
        const auto stable = read_slot(plan, world, Slot::stable, weight.stable);
        reading.holds = reading.holds && stable.holds;
        reading.text += ", " + stable.text;
        reading.progress += stable.progress;
        if (weight.baseline > 0) {
            const auto baseline = read_slot(plan, world, Slot::baseline, weight.baseline);
            reading.holds = reading.holds && baseline.holds;
            reading.text += ", " + baseline.text;
            reading.progress += baseline.progress;
        }
        const auto candidates = pods_of_slot(plan, world, Slot::candidate);
        const auto* workload = find_workload(world, plan.candidate);
        // Its autoscaler may have made it larger.
        const int wanted = std::max(weight.candidate, workload == nullptr ? 0 : workload->replicas);
        const int others = weight.stable + weight.baseline;
        for (const auto& service : plan.scene.services) {
            const auto reach = reach_of(world, service, candidates);
            reading.holds = reading.holds && reach.ours == wanted && reach.others >= others;
            reading.text += ", service " + service + " has " + std::to_string(reach.ours) + " + " +
                            std::to_string(reach.others) + " endpoints";
        }
        return reading;
    };
}

Condition service_reaches(const Plan& plan, const AwaitEndpoints& action) {
    return [&plan, action](const World& world) { return read_endpoints_of(plan, world, action); };
}

Condition serves_in_full(const Plan& plan, Version version) {
    return [&plan, version](const World& world) {
        const bool is_scaled =
            plan.scene.autoscaler || find_autoscaler_of(world, plan.workload) != nullptr;
        std::optional<int> planned;
        if (!is_scaled) {
            planned = size_of(plan, version);
        }
        auto reading = read_slot(plan, world, Slot::stable, planned);
        for (const auto& service : plan.scene.services) {
            const auto reach = reach_of(world, service, {});
            if (reach.others == 0) {
                reading.holds = false;
                reading.text += ", service " + service + " has no ready endpoint";
            }
        }
        return reading;
    };
}

Condition slot_can_serve(const Plan& plan, Slot slot) {
    return [&plan, slot](const World& world) {
        const auto* workload = find_workload(world, name_of(plan, slot));
        const int wanted = workload == nullptr ? 0 : workload->replicas;
        const int ready = ready_of_slot(plan, world, slot);
        return Reading{
            ready >= wanted,
            of_text(ready, wanted, std::string(to_text(slot)) + " pods are ready"),
            ready
        };
    };
}

Condition slot_can_shrink(const Plan& plan, const Scale& action) {
    return [&plan, action](const World& world) {
        if (action.slot == Slot::baseline) {
            return Reading{true, "nobody counts on the baseline", 0};
        }
        const auto other = action.slot == Slot::stable ? Slot::candidate : Slot::stable;
        const int own = ready_of_slot(plan, world, action.slot);
        const int left = std::min(own, action.replicas) + ready_of_slot(plan, world, other);
        const int floor = floor_of(plan);
        return Reading{
            own <= action.replicas || left >= floor,
            of_text(left, floor, "pods would be ready"),
            left
        };
    };
}

Condition service_can_move(const Plan& plan, const PointService& action, Direction direction) {
    return [&plan, action, direction, can_serve = slot_can_serve(plan, Slot::candidate)](
               const World& world
           ) {
        const auto selector = selector_for(plan, world, action);
        if (!selector) {
            return Reading{false, "waiting for the ReplicaSet of " + plan.workload, 0};
        }
        if (action.to == Pointing::candidate) {
            return can_serve(world);
        }
        const bool is_move =
            action.to == Pointing::stable && leaves_pods(world, action.service, *selector);
        if (!is_move) {
            return Reading{true, "", 0};
        }
        const int ready = ready_of_slot(plan, world, Slot::stable);
        const int need = ready_before_a_move(plan, world, action.service, direction);
        return Reading{
            ready >= need, of_text(ready, need, "ready pods of " + plan.workload), ready
        };
    };
}

Condition time_has_passed(Clock& clock, Duration duration) {
    return [&clock, duration, start = clock.boot_time()](const World&) {
        const auto passed = clock.boot_time() - start;
        const auto text =
            to_short_text(std::min(passed, duration)) + " of " + to_short_text(duration);
        return Reading{passed >= duration, text, 0};
    };
}

Condition gates_alone() {
    return [](const World&) { return Reading{true, "", 0}; };
}

}  // namespace deployctl::engine
