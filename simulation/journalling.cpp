// SPDX-License-Identifier: Apache-2.0
// I4, I8, I11, I14, I18, I20, I34 and I36: what may follow upon what in the journal.
#include "simulation/rules.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace deployctl::simulation {

namespace {

/// The engine gives an object up after eight tries; a runner that follows may begin anew.
constexpr int most_tries_in_vain = 24;
/// Of a share in percent.
constexpr double rounding = 0.1;

constexpr std::array all_events{
    RolloutEvent::start,
    RolloutEvent::pause,
    RolloutEvent::resume,
    RolloutEvent::retry,
    RolloutEvent::turn_back,
    RolloutEvent::finish,
    RolloutEvent::cancel,
    RolloutEvent::give_up,
    RolloutEvent::supersede,
    RolloutEvent::close,
};

/// A journal that is made again from the cluster says the state in which it found it.
bool is_legal(RolloutState from, RolloutState to) {
    return from == to || std::ranges::any_of(all_events, [&](RolloutEvent event) {
               return transition(from, event) == to;
           });
}

/// An end is the last word; only notes come after it.
Finding goes_on_after_the_end(const Memory& memory, const EntrySeen& seen) {
    const auto* rollout = find_rollout(memory, seen);
    const bool has_ended = rollout != nullptr && is_terminal(rollout->state);
    if (!has_ended || std::holds_alternative<Noted>(seen.entry)) {
        return std::nullopt;
    }
    return "rollout " + seen.rollout + " was " + deployctl::to_text(rollout->state) +
           " when the journal took " + event_type_of(seen.entry);
}

/// Somebody has deleted its Lease, and nothing that stands on the cluster tells of it: no size, no
/// selector and no limit of its own that a rollout would not leave behind at its end. Without a
/// journal that has it nobody can know that it is under way; nothing of it is lost with it.
bool is_known_to_nobody(const Memory& memory, const RolloutId& id) {
    const auto* standing = find_standing(memory, id);
    return standing->unnamed && std::ranges::none_of(memory.lock.half_done, [&](const auto& left) {
               return left.second == id;
           });
}

/// Never two of one target, whichever journals they are in.
Finding leases_beside_another(const Memory& memory, const EntrySeen& seen) {
    if (!std::holds_alternative<LeaseTaken>(seen.entry)) {
        return std::nullopt;
    }
    const auto* own = find_standing(memory, seen.rollout);
    if (own != nullptr && own->overtaken) {
        if (taken_at(memory, seen) < *own->overtaken) {
            return std::nullopt;  // only told of by now
        }
        return "rollout " + seen.rollout + " takes the Lease, after another one has had it";
    }
    for (const auto& [id, standing] : memory.lock.standing) {
        const bool is_active = standing.leased && !standing.ended && !standing.overtaken;
        if (id != seen.rollout && is_active && !is_known_to_nobody(memory, id)) {
            return "rollout " + seen.rollout + " takes the Lease, where " + id + " is active";
        }
    }
    return std::nullopt;
}

/// Once somebody who asked for the way back was heard, nothing is begun on the way forward.
Finding begins_forward_after_an_abort(const Memory& memory, const EntrySeen& seen) {
    const auto* intent = std::get_if<IntentRecorded>(&seen.entry);
    const auto* rollout = find_rollout(memory, seen);
    if (intent == nullptr || rollout == nullptr || !rollout->sent_back ||
        intent->direction == Direction::back) {
        return std::nullopt;
    }
    return "an intent forward for " + to_text(intent->object) + " after the way back was asked for";
}

/// One outcome for each attempt, and none without an attempt.
Finding has_two_outcomes(const Memory& memory, const EntrySeen& seen) {
    const auto* outcome = std::get_if<OutcomeRecorded>(&seen.entry);
    const auto* rollout = find_rollout(memory, seen);
    if (outcome == nullptr || rollout == nullptr) {
        return std::nullopt;
    }
    const auto found = rollout->attempts.find(outcome->attempt);
    const bool is_open =
        found != rollout->attempts.end() &&
        (found->second == AttemptState::intent || found->second == AttemptState::unknown);
    return is_open ? std::nullopt
                   : Finding("a second outcome, or one of nothing, for " + outcome->attempt);
}

Finding changes_state_illegally(const Memory& memory, const EntrySeen& seen) {
    const auto* change = std::get_if<StateChanged>(&seen.entry);
    const auto* rollout = find_rollout(memory, seen);
    if (change == nullptr || rollout == nullptr ||
        (change->from == rollout->state && is_legal(change->from, change->to))) {
        return std::nullopt;
    }
    return std::string("from ") + deployctl::to_text(rollout->state) + " to " +
           deployctl::to_text(change->to);
}

Finding skips_a_version(const Memory& memory, const EntrySeen& seen) {
    const auto* rollout = find_rollout(memory, seen);
    const int step = seen.part == 0 ? 1 : 0;
    if (rollout == nullptr || seen.version == rollout->version + step) {
        return std::nullopt;
    }
    return "version " + std::to_string(seen.version) + " after " + std::to_string(rollout->version);
}

/// No share is below nothing or above all of it, and what the new version is said to have is what
/// its pods are of both sides': then the two sum to 100 %.
Finding moves_an_impossible_weight(const Memory&, const EntrySeen& seen) {
    const auto* moved = std::get_if<TrafficMoved>(&seen.entry);
    if (moved == nullptr) {
        return std::nullopt;
    }
    const auto& weight = moved->weight;
    const int pods = weight.stable + weight.candidate + weight.baseline;
    const bool is_asked = weight.asked >= 0 && weight.asked <= 100;
    const bool has_sides = weight.stable >= 0 && weight.candidate >= 0 && pods > 0;
    const double share = 100.0 * weight.candidate / std::max(pods, 1);
    if (is_asked && has_sides && std::abs(weight.achieved - share) < rounding) {
        return std::nullopt;
    }
    return std::to_string(weight.asked) + "% asked, " + std::to_string(weight.achieved) +
           "% reached with " + std::to_string(weight.candidate) + " of " + std::to_string(pods) +
           " pods";
}

/// It turns back once; only a retry goes forward again.
Finding turns_twice(const Memory& memory, const EntrySeen& seen) {
    const auto* change = std::get_if<StateChanged>(&seen.entry);
    const auto* rollout = find_rollout(memory, seen);
    const bool goes_forward_again = change != nullptr && rollout != nullptr &&
                                    rollout->direction == Direction::back &&
                                    change->direction == Direction::forward;
    if (!goes_forward_again || change->from == RolloutState::rolling_back) {
        return std::nullopt;
    }
    return std::string("forward again from ") + deployctl::to_text(change->from) +
           " without a retry";
}

Finding tries_too_often(const Memory& memory, const EntrySeen& seen) {
    const auto* intent = std::get_if<IntentRecorded>(&seen.entry);
    const auto tries =
        intent == nullptr ? memory.effort.tries.end() : memory.effort.tries.find(intent->object);
    if (tries == memory.effort.tries.end() || tries->second.in_vain < most_tries_in_vain) {
        return std::nullopt;
    }
    return to_text(intent->object) + " is tried again after " +
           std::to_string(tries->second.in_vain) + " times in vain";
}

/// A weight is held for as long as the plan says, by boot time, whatever the wall clock does; only
/// a person shortens it.
Finding soaks_too_short(const Memory& memory, const EntrySeen& seen) {
    const auto* finished = std::get_if<StepFinished>(&seen.entry);
    const auto* rollout = find_rollout(memory, seen);
    const auto& steps = memory.plan.course.steps;
    if (finished == nullptr || rollout == nullptr || finished->direction == Direction::back ||
        finished->result != StepResult::done) {
        return std::nullopt;
    }
    const auto& entered = rollout->entered;
    const auto* hold =
        std::get_if<Hold>(&steps.at(static_cast<std::size_t>(finished->step)).action);
    if (hold == nullptr || entered.step != finished->step || entered.advanced ||
        seen.at - entered.since >= hold->duration) {
        return std::nullopt;
    }
    return "step " + std::to_string(finished->step) + " of stage " + finished->stage +
           " was held for " + to_short_text(seen.at - entered.since) + " of " +
           to_short_text(hold->duration);
}

constexpr std::array rules{
    EntryRule{"I4", moves_an_impossible_weight},
    EntryRule{"I8", turns_twice},
    EntryRule{"I11", soaks_too_short},
    EntryRule{"I14", goes_on_after_the_end},
    EntryRule{"I18", begins_forward_after_an_abort},
    EntryRule{"I20", has_two_outcomes},
    EntryRule{"I20", changes_state_illegally},
    EntryRule{"I20", skips_a_version},
    EntryRule{"I34", tries_too_often},
    EntryRule{"I36", leases_beside_another},
};

}  // namespace

std::span<const EntryRule> journalling_rules() {
    return rules;
}

}  // namespace deployctl::simulation
