// SPDX-License-Identifier: Apache-2.0
// What a wait shows of itself after each look.
#include "engine/objects.hpp"
#include "engine/vigil.hpp"

namespace deployctl::engine {

void Vigil::show(
    const WaitOrder& order, const World& world, const Reading& reading, BootTime start
) {
    if (!ports_.sink.shows_progress()) {
        return;
    }
    Progress progress;
    progress.rollout = journal_.record().id;
    progress.step = journal_.record().step;
    progress.stage = order.step.stage;
    progress.waiting_for = reading.text;
    progress.elapsed = ports_.clock.boot_time() - start;
    progress.total = order.total;
    progress.stable_ready = ready_of_slot(plan_, world, Slot::stable);
    progress.candidate_ready = ready_of_slot(plan_, world, Slot::candidate);
    if (const auto* stable = find_workload(world, plan_.workload)) {
        progress.stable_wanted = stable->replicas;
    }
    if (const auto* candidate = find_workload(world, plan_.candidate)) {
        progress.candidate_wanted = candidate->replicas;
    }
    for (const auto* pod : pods_of_next(plan_, world)) {
        for (const auto& container : pod->containers) {
            progress.candidate_restarts += container.restarts;
        }
    }
    progress.gates = gates_.last_answers();
    ports_.sink.on_progress(progress);
}

}  // namespace deployctl::engine
