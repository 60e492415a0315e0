// SPDX-License-Identifier: Apache-2.0
#include "simulation/whereabouts.hpp"

#include "engine/lease_view.hpp"
#include "simcluster/run.hpp"

namespace deployctl::simulation {

namespace {

bool has_acted_and_goes_on(const RolloutRecord& record) {
    return record.state != RolloutState::pending && !is_terminal(record.state);
}

engine::LeaseView view_lease(Theatre& theatre) {
    return simcluster::run(engine::view_lease(theatre.ground.cluster, theatre.draft.plan.target));
}

bool is_meant_before(
    const engine::LeaseView& lease, const RolloutRecord& record, const RolloutRecord& found
) {
    const bool is_left = lease.rollout.empty() && has_acted_and_goes_on(found);
    return record.state != RolloutState::superseded && !is_left;
}

}  // namespace

RolloutId named_by_lease(Theatre& theatre) {
    return view_lease(theatre).rollout;
}

std::optional<RolloutRecord> newest_by_cluster(Theatre& theatre) {
    const auto lease = view_lease(theatre);
    std::optional<RolloutRecord> found;
    for (const auto& [machine, store] : theatre.ground.journals.all()) {
        for (const auto& record : simcluster::run(store->list({}))) {
            const bool is_it = lease.rollout.empty() || record.id == lease.rollout;
            if (is_it && (!found || is_meant_before(lease, record, *found))) {
                found = record;
            }
        }
    }
    const auto told = read_rollout_state(lease.state);
    if (found && told && !lease.rollout.empty()) {
        found->state = *told;
    }
    return found;
}

std::optional<int> machine_of_unfinished(Theatre& theatre, const std::string& refusal) {
    std::optional<int> found;
    if (!named_by_lease(theatre).empty()) {
        return found;
    }
    for (const auto& [machine, store] : theatre.ground.journals.all()) {
        for (const auto& record : simcluster::run(store->list({}))) {
            const bool is_named = refusal.find(record.id) != std::string::npos;
            if (has_acted_and_goes_on(record) && (is_named || !found)) {
                found = machine;
            }
        }
    }
    return found;
}

std::optional<int> machine_that_has(Theatre& theatre, const RolloutId& rollout) {
    for (const auto& [machine, store] : theatre.ground.journals.all()) {
        const auto known = simcluster::run(store->find(rollout));
        if (known) {
            return machine;
        }
    }
    return std::nullopt;
}

}  // namespace deployctl::simulation
