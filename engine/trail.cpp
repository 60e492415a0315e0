// SPDX-License-Identifier: Apache-2.0
#include "engine/trail.hpp"

#include "engine/fence.hpp"
#include "engine/objects.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::engine {

void follow(Trail& trail, const Value& object, const RolloutId& rollout) {
    const auto fence = read_fence(fence_text_of(object));
    if (!fence) {
        return;
    }
    trail.epoch = std::max(trail.epoch, fence->epoch);
    const bool is_ours = object.text(annotation_pointer(mark::rollout)) == rollout;
    const bool is_newer = std::pair(fence->epoch, fence->seq) > std::pair(trail.newest, trail.seq);
    if (!is_ours || !is_newer) {
        return;
    }
    trail.newest = fence->epoch;
    trail.seq = fence->seq;
    trail.standing = read_standing(object);
}

std::vector<Entry> steps_shown_by_cluster(const Plan& plan, int from, int to) {
    std::vector<Entry> entries;
    for (int index = from; index < to; ++index) {
        const auto& stage = plan.course.steps[static_cast<std::size_t>(index)].stage;
        const std::string why = "done before, as the cluster shows";
        entries.emplace_back(
            StepFinished{Direction::forward, index, stage, StepResult::skipped, why, Duration{}}
        );
    }
    return entries;
}

Task<Trail> read_trail(Cluster& cluster, Plan plan, RolloutId rollout) {
    Trail trail;
    for (const auto& ref : fenced_objects(plan)) {
        const auto object = co_await cluster.get(ref);
        if (object) {
            follow(trail, *object, rollout);
        }
    }
    co_return trail;
}

}  // namespace deployctl::engine
