// SPDX-License-Identifier: Apache-2.0
// I1, I2, I3, I5, I6, I9 and I17: how many pods serve, and how many there are.
#include "engine/conditions.hpp"
#include "simulation/rules.hpp"

#include <algorithm>
#include <array>

namespace deployctl::simulation {

namespace {

/// How long endpoints may lag behind the pods.
constexpr Duration endpoint_lag = seconds(1);

int size_in(const Value& workload) {
    return workload.is_null() ? 0 : read_int(workload, "/spec/replicas", 1);
}

bool is_production_change(const Memory& memory, const WriteSeen& write) {
    return is_production(memory.plan, write.ref) &&
           write.before.at("/spec/selector") != write.after.at("/spec/selector");
}

Labels selector_in(const Value& service) {
    return read_labels(service.at("/spec/selector"));
}

/// Whoever was reached before is reached now: then no selector is worse than the one before.
bool loses_nobody(const Observed& observed, const WriteSeen& write) {
    const auto before = selector_in(write.before);
    const auto after = selector_in(write.after);
    return std::ranges::all_of(observed.pods, [&](const PodSeen& pod) {
        return !selects(before, pod.labels) || selects(after, pod.labels);
    });
}

bool shrinks(const Memory& memory, const WriteSeen& write) {
    return is_workload(memory.plan, write.ref) && size_in(write.after) < size_in(write.before);
}

std::string of(int have, int want) {
    return std::to_string(have) + " ready, at least " + std::to_string(want);
}

/// No write of ours lowers a set that serves so far that fewer than the floor would be ready.
Finding lowers_below_floor(const Memory& memory, const WriteSeen& write, const Observed& observed) {
    if (!shrinks(memory, write)) {
        return std::nullopt;
    }
    const int left = size_in(write.after);
    for (const auto& [service, selector] : observed.selectors) {
        const int own = ready_of(observed, write.ref.name, selector);
        const int others = ready_behind(observed, selector) - own;
        if (own > left && others + left < floor_of(memory.plan)) {
            return to_text(write) + " to " + std::to_string(left) + " leaves Service " + service +
                   " with " + of(others + left, floor_of(memory.plan));
        }
    }
    return std::nullopt;
}

int declared_for(const Plan& plan, Slot slot) {
    int most = 0;
    for (const auto& step : plan.course.steps) {
        const auto* scale = std::get_if<Scale>(&step.action);
        if (scale != nullptr && scale->slot == slot) {
            most = std::max(most, scale->replicas);
        }
    }
    return most;
}

/// Its size where the autoscaler has made it larger than any step does; the version that takes the
/// traffic from it needs as many. Else 0.
int grown_candidate(const Plan& plan, const Observed& observed) {
    const auto found = observed.sizes.find(plan.candidate);
    const int size = found == observed.sizes.end() ? 0 : found->second;
    return size > declared_for(plan, Slot::candidate) ? size : 0;
}

/// Together the sets are never larger than the plan declares.
Finding exceeds_total(const Memory& memory, const WriteSeen& write, const Observed& observed) {
    if (!is_workload(memory.plan, write.ref) || size_in(write.after) <= size_in(write.before)) {
        return std::nullopt;
    }
    const auto size_of = [&](const std::string& name) {
        const auto found = observed.sizes.find(name);
        return found == observed.sizes.end() ? 0 : found->second;
    };
    const auto& plan = memory.plan;
    int total = size_in(write.after);
    for (const auto* name : {&plan.workload, &plan.candidate, &plan.baseline}) {
        total += *name == write.ref.name ? 0 : size_of(*name);
    }
    const bool is_stable = write.ref.name == plan.workload;
    const auto& scene = plan.scene;
    const int desired = std::max(
        {scene.replicas,
         engine::size_of(plan, Version::next),
         is_stable ? 0 : size_of(plan.workload),
         grown_candidate(plan, observed)}
    );
    const int declared = declared_for(plan, Slot::candidate) + declared_for(plan, Slot::baseline);
    const int most = desired + scene.max_surge + declared;
    if (total <= most) {
        return std::nullopt;
    }
    return to_text(write) + " makes " + std::to_string(total) + " replicas, at most " +
           std::to_string(most);
}

/// On the way forward a Service is only pointed at pods enough of which are ready.
Finding points_at_too_few(const Memory& memory, const WriteSeen& write, const Observed& observed) {
    if (!is_production_change(memory, write) || direction_on(write.after) != Direction::forward) {
        return std::nullopt;
    }
    const int ready = ready_behind(observed, selector_in(write.after));
    if (ready >= floor_of(memory.plan) || loses_nobody(observed, write)) {
        return std::nullopt;
    }
    return to_text(write) + ": " + of(ready, floor_of(memory.plan));
}

/// What a Service selects is neither scaled to nothing nor deleted, unless others serve it in full.
Finding takes_all_away(const Memory& memory, const WriteSeen& write, const Observed& observed) {
    const bool is_taken = is_workload(memory.plan, write.ref) && size_in(write.before) > 0 &&
                          size_in(write.after) == 0;
    if (!is_taken) {
        return std::nullopt;
    }
    for (const auto& [service, selector] : observed.selectors) {
        const auto own = std::ranges::count_if(observed.pods, [&](const PodSeen& pod) {
            return pod.workload == write.ref.name && selects(selector, pod.labels);
        });
        const int others =
            ready_behind(observed, selector) - ready_of(observed, write.ref.name, selector);
        if (own > 0 && others < floor_of(memory.plan)) {
            return to_text(write) + " takes " + std::to_string(own) + " pods behind Service " +
                   service + ", of the others " + of(others, floor_of(memory.plan));
        }
    }
    return std::nullopt;
}

/// A production selector is never empty, and matches a ready pod when it is written.
Finding points_into_the_dark(
    const Memory& memory, const WriteSeen& write, const Observed& observed
) {
    if (!is_production_change(memory, write)) {
        return std::nullopt;
    }
    const auto selector = selector_in(write.after);
    if (selector.empty()) {
        return to_text(write) + ": the selector is empty";
    }
    const int ready = ready_behind(observed, selector);
    const bool is_dark = ready == 0 && !loses_nobody(observed, write);
    return is_dark ? Finding(to_text(write) + ": " + of(ready, 1)) : std::nullopt;
}

/// On the way back traffic is never taken from a set that can serve to one that cannot.
Finding leaves_the_healthy(const Memory& memory, const WriteSeen& write, const Observed& observed) {
    if (!is_production_change(memory, write) || direction_on(write.after) != Direction::back) {
        return std::nullopt;
    }
    const int before = steady_behind(observed, selector_in(write.before));
    const int after = ready_behind(observed, selector_in(write.after));
    const int need = floor_of(memory.plan);
    if (after >= need || before < need) {
        return std::nullopt;
    }
    return to_text(write) + ": " + of(after, need) + ", where " + std::to_string(before) +
           " served";
}

/// Enough pods serve at all times.
Finding serves_too_few(const Memory& memory, Duration at) {
    const bool is_active = std::ranges::any_of(memory.rollouts, [&](const auto& one) {
        const auto* standing = find_standing(memory, one.first.second);
        const bool has_ended = is_terminal(one.second.state) || standing->ended;
        return !has_ended && one.second.state != RolloutState::pending;
    });
    for (const auto& [service, since] : memory.below_since) {
        if (is_active && at - since > endpoint_lag + memory.lag) {
            return "Service " + service + " has served with fewer than " +
                   std::to_string(floor_of(memory.plan)) + " pods for " + to_short_text(at - since);
        }
    }
    return std::nullopt;
}

constexpr std::array rules{
    CapacityRule{"I1", lowers_below_floor},
    CapacityRule{"I3", exceeds_total},
    CapacityRule{"I5", points_at_too_few},
    CapacityRule{"I6", takes_all_away},
    CapacityRule{"I9", points_into_the_dark},
    CapacityRule{"I17", leaves_the_healthy},
};

constexpr std::array at_all_times{MomentRule{"I2", serves_too_few}};

}  // namespace

std::span<const CapacityRule> capacity_rules() {
    return rules;
}

std::span<const MomentRule> moment_rules() {
    return at_all_times;
}

}  // namespace deployctl::simulation
