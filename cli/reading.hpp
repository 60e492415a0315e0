// SPDX-License-Identifier: Apache-2.0
// What the journal tells of a rollout, gathered. Needs no cluster.
#pragma once

#include "cli/output/story.hpp"
#include "cli/session.hpp"

#include <vector>

namespace deployctl::cli {

struct Told {
    Plan plan;  ///< without literal values
    Story story;
    std::vector<Event> events;
    int steps = 0;  ///< of the present direction
};

Plan read_plan_of(Session& session, const RolloutRecord& rollout);
Told read_story(Session& session, const RolloutRecord& rollout);

}  // namespace deployctl::cli
