// SPDX-License-Identifier: Apache-2.0
// I12, I13, I15, I26 and I27: how a play has to end, once faults have stopped.
#include "documents/json.hpp"
#include "engine/conditions.hpp"
#include "engine/objects.hpp"
#include "simulation/rules.hpp"

#include <algorithm>
#include <array>

namespace deployctl::simulation {

namespace {

/// What may pass beyond the rollout's own deadline.
constexpr Duration beyond = seconds(60);

const Value& body_of(const World& world, const std::string& workload) {
    static const Value none;
    const auto* found = find_workload(world, workload);
    return found == nullptr ? none : found->body;
}

/// A version that fails its pods or its gates never serves everybody.
Finding promotes_the_bad(const Memory& memory, const Ending& ending) {
    const bool is_wrong =
        ending.is_bad_version && ending.record && ending.record->state == RolloutState::promoted;
    return is_wrong ? Finding(memory.plan.release.tag + " is bad, and was promoted") : std::nullopt;
}

/// Once faults have stopped it comes to an end in time.
Finding does_not_end(const Memory& memory, const Ending& ending) {
    if (!ending.record) {
        return std::nullopt;
    }
    const bool is_for_a_person =
        ending.record->state == RolloutState::needs_human && !memory.outside.edits.empty();
    if (is_for_a_person) {
        return std::nullopt;
    }
    const auto most = memory.plan.timeouts.rollout + beyond;
    if (is_terminal(ending.record->state) && ending.took <= most) {
        return std::nullopt;
    }
    return std::string(deployctl::to_text(ending.record->state)) + " (" +
           ending.record->end_reason + ") " + to_short_text(ending.took) +
           " after faults have stopped, at most " + to_short_text(most);
}

std::string first_difference(const Value& before, const Value& after) {
    const auto paths = differing_paths(before, after);
    return paths.empty() ? "" : " at " + paths.front();
}

/// What somebody else has written, and nothing of ours since, is theirs.
Finding differs_in_workload(const Memory& memory, Version version, const World& world) {
    const auto& plan = memory.plan;
    const auto found = memory.outside.edits.find(engine::workload_ref(plan, Slot::stable));
    const auto edit = found == memory.outside.edits.end() ? EditSeen() : found->second;
    const auto& wanted = engine::template_of(plan, version);
    const auto& stable = body_of(world, plan.workload);
    if (!edit.of_template && stable.at("/spec/template") != wanted) {
        return "the template of " + plan.workload + " differs" +
               first_difference(wanted, stable.at("/spec/template"));
    }
    const auto replicas = read_int(stable, "/spec/replicas");
    const int planned = engine::size_of(plan, version);
    if (!edit.of_size && !plan.scene.autoscaler && replicas != planned) {
        return plan.workload + " has " + std::to_string(replicas) + " of " +
               std::to_string(planned) + " replicas";
    }
    return std::nullopt;
}

Finding differs_in_services(const Plan& plan, const World& world) {
    for (const auto& service : world.services) {
        const auto& name = service.meta.name;
        const bool is_ours = std::ranges::count(plan.scene.services, name) > 0;
        if (is_ours && service.selector != engine::original_selector(plan, name)) {
            return "Service " + name + " selects " +
                   documents::write_json(to_value(service.selector));
        }
    }
    return std::nullopt;
}

Finding differs_in_autoscaler(const Plan& plan, const World& world) {
    const auto* now = find_autoscaler_of(world, plan.workload);
    for (const auto& original : plan.snapshot.autoscalers) {
        if (now != nullptr && now->body.at("/spec") != original.at("/spec")) {
            return "the autoscaler has not its owner's limits: " + std::to_string(now->min) +
                   " to " + std::to_string(now->max);
        }
    }
    return std::nullopt;
}

/// What was aborted had changed nothing. Where each runner has a journal it may have waited for a
/// rollout of the same version, and found things as that one has left them.
bool follows_a_promotion(const Memory& memory, const RolloutRecord& record) {
    return record.state == RolloutState::aborted &&
           std::ranges::any_of(memory.rollouts, [&](const auto& one) {
               return one.first.second != record.id && one.second.state == RolloutState::promoted;
           });
}

/// Promoted: everything is the new version's; otherwise everything is as it was.
Finding is_not_as_planned(const Memory& memory, const Ending& ending) {
    if (!ending.record || !is_terminal(ending.record->state)) {
        return std::nullopt;
    }
    const auto& plan = memory.plan;
    const bool is_promoted = ending.record->state == RolloutState::promoted ||
                             follows_a_promotion(memory, *ending.record);
    const auto version = is_promoted ? Version::next : Version::previous;
    for (const auto& found :
         {differs_in_workload(memory, version, ending.world),
          differs_in_services(plan, ending.world),
          differs_in_autoscaler(plan, ending.world)}) {
        if (found) {
            return std::string(deployctl::to_text(ending.record->state)) + ", and " + *found;
        }
    }
    return std::nullopt;
}

/// What it has made beside is a tombstone, or what the plan declares.
Finding leaves_something(const Memory& memory, const Ending& ending) {
    if (!ending.record || !is_terminal(ending.record->state)) {
        return std::nullopt;
    }
    const auto& plan = memory.plan;
    for (const auto& workload : ending.world.workloads) {
        const bool is_ours = rollout_on(workload.body) == ending.record->id;
        const bool may_stay = workload.meta.name == plan.workload ||
                              engine::is_tombstone(workload.body, plan.target.app);
        if (is_ours && !may_stay) {
            return "Deployment/" + workload.meta.name + " with " +
                   std::to_string(workload.replicas) + " replicas is left and no tombstone";
        }
    }
    for (const auto& service : ending.world.services) {
        const bool is_ours = rollout_on(service.body) == ending.record->id;
        const bool may_stay = std::ranges::count(plan.scene.services, service.meta.name) > 0 ||
                              engine::is_preview_service(service.body);
        if (is_ours && !may_stay) {
            return "Service/" + service.meta.name + " is left";
        }
    }
    return std::nullopt;
}

/// Whoever goes on with what has ended writes nothing.
Finding writes_after_the_end(const Memory&, const Ending& ending) {
    return ending.writes_after_end == 0
               ? std::nullopt
               : Finding(
                     std::to_string(ending.writes_after_end) + " writes of a resume after the end"
                 );
}

constexpr std::array rules{
    EndRule{"I12", promotes_the_bad},
    EndRule{"I13", does_not_end},
    EndRule{"I15", is_not_as_planned},
    EndRule{"I26", leaves_something},
    EndRule{"I27", writes_after_the_end},
};

}  // namespace

std::span<const EndRule> end_rules() {
    return rules;
}

std::string normal_text(const Plan& plan, const World& world) {
    std::string text;
    for (const auto& workload : world.workloads) {
        if (workload.meta.name == plan.workload || workload.replicas > 0) {
            text += workload.meta.name + " x" + std::to_string(workload.replicas) + " " +
                    documents::write_json(workload.body.at("/spec/template")) + "\n";
        }
    }
    for (const auto& service : world.services) {
        if (!engine::is_preview_service(service.body)) {
            text +=
                service.meta.name + " " + documents::write_json(to_value(service.selector)) + "\n";
        }
    }
    for (const auto& autoscaler : world.autoscalers) {
        text +=
            autoscaler.meta.name + " " + documents::write_json(autoscaler.body.at("/spec")) + "\n";
    }
    return text;
}

}  // namespace deployctl::simulation
