// SPDX-License-Identifier: Apache-2.0
#include "cli/reading.hpp"

#include "engine/plan_json.hpp"

namespace deployctl::cli {

Plan read_plan_of(Session& session, const RolloutRecord& rollout) {
    return engine::read_plan(wait_for(session.parts, session.parts.journal().plan(rollout.id)));
}

Told read_story(Session& session, const RolloutRecord& rollout) {
    auto& journal = session.parts.journal();
    Told told;
    told.plan = read_plan_of(session, rollout);
    told.story = story_of(told.plan);
    told.events = wait_for(session.parts, journal.events(rollout.id, 0));
    for (const auto& event : told.events) {
        add_event(told.story, event);
    }
    const auto& steps =
        rollout.direction == Direction::forward ? told.plan.course.steps : told.plan.way_back;
    told.steps = static_cast<int>(steps.size());
    return told;
}

}  // namespace deployctl::cli
