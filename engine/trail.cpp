// SPDX-License-Identifier: Apache-2.0
#include "engine/trail.hpp"

#include "engine/cluster_record.hpp"
#include "engine/objects.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::engine {

namespace {

bool is_later(const Fence& one, const Fence& other) {
    return std::pair(one.epoch, one.seq) > std::pair(other.epoch, other.seq);
}

}  // namespace

void note_epoch(Trail& trail, const Value& object) {
    if (const auto fence = read_fence(fence_text_of(object))) {
        trail.epoch = std::max(trail.epoch, fence->epoch);
    }
}

void follow(Trail& trail, const Value& object, const RolloutId& rollout) {
    note_epoch(trail, object);
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

Task<> note_record(Trail* trail, Cluster& cluster, Target target, RolloutId rollout) {
    const auto place = record_ref(target, rollout);
    const auto record = co_await cluster.get(place);
    if (record) {
        note_epoch(*trail, *record);
    }
}

Task<Trail> read_trail(Cluster& cluster, Plan plan, RolloutId rollout) {
    Trail trail;
    co_await note_record(&trail, cluster, plan.target, rollout);
    for (const auto& ref : fenced_objects(plan)) {
        const auto object = co_await cluster.get(ref);
        if (object) {
            follow(trail, *object, rollout);
        }
    }
    co_return trail;
}

}  // namespace deployctl::engine
