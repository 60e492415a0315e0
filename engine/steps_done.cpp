// SPDX-License-Identifier: Apache-2.0
#include "engine/steps_done.hpp"

#include <set>

namespace deployctl::engine {

namespace {

constexpr std::string_view step_started = "step.started";
constexpr std::string_view step_finished = "step.finished";
constexpr std::string_view state_changed = "rollout.state";

bool is_forward(const Event& event) {
    return event.data.text("/direction") == to_text(Direction::forward);
}

}  // namespace

std::optional<int> first_step_not_done(const std::vector<Event>& events, int count) {
    std::set<int> started;
    std::set<int> done;
    for (const auto& event : events) {
        if (event.type == state_changed && !is_forward(event)) {
            started.clear();
            done.clear();
        } else if (event.type == step_started && is_forward(event)) {
            started.insert(event.step.value_or(-1));
        } else if (event.type == step_finished && is_forward(event)) {
            const int step = event.step.value_or(-1);
            if (started.contains(step)) {
                done.insert(step);
            }
        }
    }
    for (int step = 0; step < count; ++step) {
        if (!done.contains(step)) {
            return step;
        }
    }
    return std::nullopt;
}

}  // namespace deployctl::engine
