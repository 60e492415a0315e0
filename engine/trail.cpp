// SPDX-License-Identifier: Apache-2.0
#include "engine/trail.hpp"

#include "engine/objects.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::engine {

namespace {

bool is_later(const Fence& one, const Fence& other) {
    return std::pair(one.epoch, one.seq) > std::pair(other.epoch, other.seq);
}

}  // namespace

void follow(Trail& trail, const Value& object, const RolloutId& rollout) {
    const auto fence = read_fence(fence_text_of(object));
    if (!fence) {
        return;
    }
    trail.epoch = std::max(trail.epoch, fence->epoch);
    auto written = read_fence(written_text_of(object));
    const bool is_ours = object.text(annotation_pointer(mark::rollout)) == rollout;
    if (is_ours && written && (!trail.newest || is_later(*written, *trail.newest))) {
        trail.newest = std::move(written);
        trail.standing = read_standing(object);
    }
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
