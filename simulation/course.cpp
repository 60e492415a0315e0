// SPDX-License-Identifier: Apache-2.0
// I7, I8 and I10: which way it goes, and that a colour which serves is left as it is.
#include "engine/objects.hpp"
#include "simcluster/behaviour.hpp"
#include "simulation/rules.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace deployctl::simulation {

namespace {

/// What a write does to the next version's share of the traffic.
enum class Trend { falls, same, rises };

Labels selector_in(const Value& service) {
    return read_labels(service.at("/spec/selector"));
}

/// Of the ready pods that a selector reaches; nothing where it reaches none.
std::optional<double> share_of_next(
    const Memory& memory, const Observed& observed, const Labels& selector
) {
    const int all = ready_behind(observed, selector);
    const auto next = std::ranges::count_if(observed.pods, [&](const PodSeen& pod) {
        return pod.ready && selects(selector, pod.labels) && pod.version == memory.plan.release.tag;
    });
    return all == 0 ? std::nullopt : std::optional(static_cast<double>(next) / all);
}

Trend trend_of_selector(const Memory& memory, const WriteSeen& write, const Observed& observed) {
    const auto before = share_of_next(memory, observed, selector_in(write.before));
    const auto after = share_of_next(memory, observed, selector_in(write.after));
    if (!before || !after || *before == *after) {
        return Trend::same;
    }
    return *after > *before ? Trend::rises : Trend::falls;
}

bool carries_traffic(const Observed& observed, const std::string& workload) {
    return std::ranges::any_of(observed.selectors, [&](const auto& service) {
        return ready_of(observed, workload, service.second) > 0;
    });
}

bool runs_next(const Memory& memory, const Value& workload) {
    return simcluster::version_of(workload.at("/spec/template")) == memory.plan.release.tag;
}

/// Some Service reaches the next version.
bool next_has_traffic(const Memory& memory, const Observed& observed) {
    return std::ranges::any_of(observed.selectors, [&](const auto& service) {
        return share_of_next(memory, observed, service.second).value_or(0) > 0;
    });
}

Trend trend_of_workload(const Memory& memory, const WriteSeen& write, const Observed& observed) {
    const bool was_next = !write.before.is_null() && runs_next(memory, write.before);
    const bool is_next = runs_next(memory, write.after);
    if (!write.before.is_null() && was_next != is_next) {
        return is_next ? Trend::rises : Trend::falls;
    }
    const auto edit = memory.outside.edits.find(write.ref);
    if (edit != memory.outside.edits.end() && edit->second.of_size) {
        return Trend::same;  // what somebody else has added is taken away again
    }
    const int before = read_int(write.before, "/spec/replicas", 0);
    const int after = read_int(write.after, "/spec/replicas", 0);
    const bool takes_nothing = after < before ? !carries_traffic(observed, write.ref.name)
                                              : write.ref.name == memory.plan.baseline &&
                                                    !next_has_traffic(memory, observed);
    if (before == after || takes_nothing) {
        return Trend::same;
    }
    return (after > before) == is_next ? Trend::rises : Trend::falls;
}

Trend trend_of(const Memory& memory, const WriteSeen& write, const Observed& observed) {
    if (is_production(memory.plan, write.ref)) {
        return trend_of_selector(memory, write, observed);
    }
    if (is_workload(memory.plan, write.ref) && !write.after.is_null()) {
        return trend_of_workload(memory, write, observed);
    }
    return Trend::same;
}

/// A version that a verdict has spoken against gets no more of anything.
Finding raises_what_is_bad(const Memory& memory, const WriteSeen& write, const Observed& observed) {
    const auto intent = memory.intents.find(write.fence);
    const auto* rollout =
        intent == memory.intents.end() ? nullptr : find_rollout(memory, intent->second.rollout);
    const bool is_late =
        direction_on(write.after) == Direction::forward;  // sent before the verdict
    if (rollout == nullptr || !rollout->proven_bad || is_late ||
        trend_of(memory, write, observed) != Trend::rises) {
        return std::nullopt;
    }
    return to_text(write) + " raises " + memory.plan.release.tag + " after a verdict of kind " +
           rollout->cause;
}

/// Somebody else's template leaves a pin without pods: then the Service gets its owner's selector,
/// whatever that reaches.
bool is_of_somebody_elses_template(const Memory& memory) {
    return std::ranges::any_of(memory.outside.edits, [](const auto& one) {
        return one.second.of_template;
    });
}

/// As it was before any rollout, where the pin has lost its pods to somebody else.
bool is_freed_of_necessity(const Memory& memory, const WriteSeen& write) {
    return is_production(memory.plan, write.ref) && is_of_somebody_elses_template(memory) &&
           selector_in(write.after) == engine::original_selector(memory.plan, write.ref.name);
}

/// Forward the next version's share never falls; back it never rises.
Finding goes_the_wrong_way(const Memory& memory, const WriteSeen& write, const Observed& observed) {
    const auto direction = direction_on(write.after);
    if (!direction) {
        return std::nullopt;
    }
    const auto wrong = *direction == Direction::forward ? Trend::falls : Trend::rises;
    if (trend_of(memory, write, observed) != wrong || is_freed_of_necessity(memory, write)) {
        return std::nullopt;
    }
    return to_text(write) + (wrong == Trend::falls ? " takes from " : " gives to ") +
           memory.plan.release.tag + " on the way " + deployctl::to_text(*direction);
}

std::set<std::string> colours_behind(const Observed& observed, const Labels& selector) {
    std::set<std::string> colours;
    for (const auto& pod : observed.pods) {
        if (pod.ready && selects(selector, pod.labels)) {
            colours.insert(pod.workload);
        }
    }
    return colours;
}

/// Blue-green: on the way forward one colour is live. A claim leaves the selector, and the mark of
/// the direction, as it finds them: it shows nobody anything.
Finding shows_two_colours(const Memory& memory, const WriteSeen& write, const Observed& observed) {
    const bool is_switch =
        memory.plan.strategy == StrategyKind::blue_green && is_production(memory.plan, write.ref) &&
        selector_in(write.before) != selector_in(write.after) &&
        direction_on(write.after) == Direction::forward && !is_of_somebody_elses_template(memory);
    const auto live = colours_behind(observed, selector_in(write.after));
    return is_switch && live.size() > 1
               ? Finding(to_text(write) + ": " + std::to_string(live.size()) + " live colours")
               : std::nullopt;
}

/// Steady pods of the candidate; those of one that has been retired are about to go.
int steady_candidates(const Memory& memory, const Observed& observed) {
    const auto size = observed.sizes.find(memory.plan.candidate);
    const auto count = std::ranges::count_if(observed.pods, [&](const PodSeen& pod) {
        return pod.workload == memory.plan.candidate && pod.steady;
    });
    return size == observed.sizes.end() ? 0 : std::min(size->second, static_cast<int>(count));
}

/// Back, a Service that neither colour served was given its owner's selector, and reaches both of
/// them. To pin it to the candidate anew would give to the version that is taken back; and where
/// that one serves it in full, no pod of stable's is missed.
bool is_served_by_the_other(
    const Memory& memory, const WriteSeen& write, const Observed& observed, const Labels& selector
) {
    return direction_on(write.after) == Direction::back &&
           ready_of(observed, memory.plan.candidate, selector) >= floor_of(memory.plan);
}

/// Blue-green: the live colour's template is not written while the other one can serve.
Finding touches_the_live_colour(
    const Memory& memory, const WriteSeen& write, const Observed& observed
) {
    const auto& plan = memory.plan;
    const bool is_template_write =
        plan.strategy == StrategyKind::blue_green && write.ref.kind == Kind::deployment &&
        write.ref.name == plan.workload && !write.before.is_null() &&
        write.before.at("/spec/template") != write.after.at("/spec/template");
    if (!is_template_write || steady_candidates(memory, observed) < floor_of(plan) ||
        is_of_somebody_elses_template(memory)) {
        return std::nullopt;
    }
    for (const auto& [service, selector] : observed.selectors) {
        if (colours_behind(observed, selector).contains(plan.workload) &&
            !is_served_by_the_other(memory, write, observed, selector)) {
            return to_text(write) + " changes the template behind Service " + service;
        }
    }
    return std::nullopt;
}

constexpr std::array rules{
    CapacityRule{"I7", raises_what_is_bad},
    CapacityRule{"I8", goes_the_wrong_way},
    CapacityRule{"I10", shows_two_colours},
    CapacityRule{"I10", touches_the_live_colour},
};

}  // namespace

std::span<const CapacityRule> course_rules() {
    return rules;
}

}  // namespace deployctl::simulation
