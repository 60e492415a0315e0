// SPDX-License-Identifier: Apache-2.0
#include "simulation/approver.hpp"

#include "simcluster/run.hpp"

namespace deployctl::simulation {

void approve_if_asked(Theatre& theatre, const RolloutRecord& record) {
    const auto& steps = theatre.draft.plan.course.steps;
    const auto step = static_cast<std::size_t>(record.step);
    if (step >= steps.size() || record.direction == Direction::back) {
        return;
    }
    const auto* asked = std::get_if<AwaitApproval>(&steps[step].action);
    if (asked == nullptr) {
        return;
    }
    Approval word;
    word.id = record.id + "-" + asked->name;  // said again it is the same
    word.rollout = record.id;
    word.name = asked->name;
    word.plan_hash = record.plan_hash;
    word.by = "eve@shell";
    word.reason = "seen";
    word.at = theatre.ground.clock.now();
    simcluster::run(theatre.ground.store().keep_approval(word));
}

}  // namespace deployctl::simulation
