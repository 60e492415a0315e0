// SPDX-License-Identifier: Apache-2.0
// I14, I16, I19, I21 to I25 and I33: who may write, and what has to stand before.
#include "engine/lease_view.hpp"
#include "simulation/rules.hpp"

#include <array>
#include <tuple>

namespace deployctl::simulation {

namespace {

/// The Lease has no fence and no intent: it is what both are made from.
bool is_effect(const WriteSeen& write) {
    return write.ref.kind != Kind::lease;
}

bool is_record(const WriteSeen& write) {
    return write.ref.kind == Kind::controller_revision;
}

/// Plan and snapshot stand on the cluster before anything else is changed.
Finding changes_before_the_record(const Memory& memory, const WriteSeen& write) {
    if (!is_change(write) || !is_effect(write) || is_record(write) || write.after.is_null()) {
        return std::nullopt;
    }
    const auto rollout = rollout_of(memory, write);
    if (rollout.empty()) {
        return std::nullopt;  // a claim, of which nobody has told: that is another rule's
    }
    const auto* standing = find_standing(memory, rollout);
    if (standing != nullptr && standing->recorded) {
        return std::nullopt;
    }
    return to_text(write) + " before the record of its rollout stands on the cluster";
}

/// Whoever sends a request has written down that it would.
Finding has_no_intent(const Memory& memory, const WriteSeen& write) {
    if (!is_effect(write)) {
        return std::nullopt;
    }
    if (write.verb == EffectVerb::remove) {
        return memory.removals.contains(write.ref)
                   ? std::nullopt
                   : Finding(to_text(write) + " without a committed intent");
    }
    const auto found = memory.intents.find(write.fence);
    const bool is_intended = found != memory.intents.end() &&
                             found->second.intent.object == write.ref &&
                             found->second.intent.verb == write.verb;
    return is_intended ? std::nullopt : Finding(to_text(write) + " without a committed intent");
}

/// The fence of an object only grows, and no value is written twice.
Finding does_not_raise_the_fence(const Memory& memory, const WriteSeen& write) {
    const auto known = memory.fences.find(write.ref);
    if (!is_change(write) || !is_effect(write) || known == memory.fences.end() ||
        write.verb == EffectVerb::remove) {
        return std::nullopt;
    }
    const auto& last = known->second;
    const auto fence = engine::read_fence(write.fence);
    const bool is_raised =
        fence && std::tie(fence->epoch, fence->seq) > std::tie(last.epoch, last.seq);
    return is_raised ? std::nullopt
                     : Finding(to_text(write) + ", where " + engine::to_text(last) + " stood");
}

/// Once an epoch has claimed the plan's objects, no older one changes them; what was not there it
/// has made, so that no older one can. Only the record is left to whoever's create lands first: it
/// is nobody's to claim, the same from each runner, never changed, and moves nothing.
Finding comes_from_an_older_epoch(const Memory& memory, const WriteSeen& write) {
    const auto fence = engine::read_fence(write.fence);
    const bool is_new_record = is_record(write) && write.before.is_null();
    if (!is_change(write) || !is_effect(write) || !fence || is_new_record) {
        return std::nullopt;
    }
    const auto* standing = find_standing(memory, rollout_of(memory, write));
    const auto claimed = standing == nullptr ? 0 : standing->epoch_claimed;
    return fence->epoch >= claimed ? std::nullopt
                                   : Finding(
                                         to_text(write) + " lands after epoch " +
                                         std::to_string(claimed) + " has claimed every object"
                                     );
}

/// Whoever is alive and may trust the Lease is followed by nobody who has not asked for just that.
Finding shares_the_trust(const Memory& memory, const WriteSeen& write) {
    if (!is_change(write) || write.ref.kind != Kind::lease) {
        return std::nullopt;
    }
    const auto& trust = memory.lock.trust;
    const auto next = write.after.text("/spec/holderIdentity");
    const bool is_same = write.after.number("/spec/leaseTransitions") == trust.epoch;
    const bool is_free = trust.holder.empty() || memory.lock.gone.contains(trust.holder);
    if (is_same || is_free || write.at >= trust.until || memory.lock.impatient.contains(next)) {
        return std::nullopt;
    }
    return next + " holds the Lease while " + trust.holder + " may trust it for " +
           to_short_text(trust.until - write.at);
}

/// What the Lease has called an end stays one: whoever has not heard of it goes nowhere. Where
/// nothing was changed, whoever has waited for the Lease may take it once more, and learns it then.
Finding takes_an_end_back(const Memory&, const WriteSeen& write) {
    constexpr Pointer marks = "/metadata/annotations";  // which tell the rollout and its state
    if (!is_change(write) || write.ref.kind != Kind::lease ||
        write.before.at(marks) == write.after.at(marks)) {
        return std::nullopt;
    }
    const auto before = engine::read_lease(write.before);
    const auto after = engine::read_lease(write.after);
    const bool had_ended = !before.rollout.empty() && !engine::names_unfinished(before);
    const bool has_acted = read_rollout_state(before.state) != RolloutState::aborted;
    if (!had_ended || !has_acted || before.rollout != after.rollout ||
        before.state == after.state) {
        return std::nullopt;
    }
    return "rollout " + before.rollout + " was " + before.state + ", and the Lease says " +
           after.state;
}

/// What has its answer already comes a second time, or too late, and changes nothing.
Finding is_delivered_again(const Memory& memory, const WriteSeen& write) {
    const auto found = memory.intents.find(write.fence);
    if (!is_change(write) || found == memory.intents.end()) {
        return std::nullopt;
    }
    const auto* rollout = find_rollout(memory, found->second.rollout);
    const auto attempt = rollout->attempts.find(found->second.intent.attempt);
    const bool is_settled =
        attempt != rollout->attempts.end() &&
        (attempt->second == AttemptState::applied || attempt->second == AttemptState::refused);
    return is_settled
               ? Finding(
                     to_text(write) + " lands, which was " + deployctl::to_text(attempt->second)
                 )
               : std::nullopt;
}

/// A plan is carried out once: what it was made from is over then. Whoever begins with it again has
/// to be told before the first write.
Finding carries_a_plan_out_again(const Memory& memory, const WriteSeen& write) {
    const auto* own = find_standing(memory, rollout_of(memory, write));
    if (!is_change(write) || !is_effect(write) || is_record(write) || own == nullptr) {
        return std::nullopt;
    }
    for (const auto& [id, standing] : memory.lock.standing) {
        if (&standing != own && standing.promoted && standing.plan_hash == own->plan_hash) {
            return to_text(write) + " by a plan that rollout " + id + " has carried out";
        }
    }
    return std::nullopt;
}

/// Stable's, as the plan has it when the step begins.
int size_before(const Plan& plan, int step) {
    int size = plan.scene.replicas;
    for (int index = 0; index < step; ++index) {
        const auto& action = plan.course.steps.at(static_cast<std::size_t>(index)).action;
        const auto* scale = std::get_if<Scale>(&action);
        const auto* write = std::get_if<WriteTemplate>(&action);
        if (scale != nullptr && scale->slot == Slot::stable) {
            size = scale->replicas;
        } else if (write != nullptr) {
            size = write->replicas.value_or(size);
        }
    }
    return size;
}

/// A size that somebody has put back to what it was before the step at hand looks like that step
/// not yet done: nothing on the object tells them apart.
bool is_written_over(const Plan& plan, const EditSeen& edit, const WriteSeen& write, int step) {
    const auto differs = [&](const char* place) {
        return write.before.at(place) != write.after.at(place);
    };
    const bool looks_undone = read_int(write.before, "/spec/replicas") == size_before(plan, step);
    return (edit.of_size && differs("/spec/replicas") && !looks_undone) ||
           (edit.of_template && !edit.template_is_decided && differs("/spec"));
}

/// What somebody else has changed is not written on the way forward before a person has decided.
/// An intent from before the change could be seen does not count.
Finding writes_over_an_edit(const Memory& memory, const WriteSeen& write) {
    const auto edit = memory.outside.edits.find(write.ref);
    const auto intent = memory.intents.find(write.fence);
    if (edit == memory.outside.edits.end() || edit->second.decided ||
        intent == memory.intents.end() || intent->second.intent.direction == Direction::back ||
        !is_change(write) ||
        !is_written_over(memory.plan, edit->second, write, intent->second.intent.step) ||
        intent->second.at - edit->second.at <= intent->second.lag) {
        return std::nullopt;
    }
    return to_text(write) + " writes " + to_short_text(intent->second.at - edit->second.at) +
           " after somebody else has changed it, and nobody has decided";
}

constexpr std::array rules{
    WriteRule{"I14", takes_an_end_back},
    WriteRule{"I16", changes_before_the_record},
    WriteRule{"I19", has_no_intent},
    WriteRule{"I21", does_not_raise_the_fence},
    WriteRule{"I22", comes_from_an_older_epoch},
    WriteRule{"I23", shares_the_trust},
    WriteRule{"I24", is_delivered_again},
    WriteRule{"I25", carries_a_plan_out_again},
    WriteRule{"I33", writes_over_an_edit},
};

}  // namespace

std::span<const WriteRule> fencing_rules() {
    return rules;
}

}  // namespace deployctl::simulation
