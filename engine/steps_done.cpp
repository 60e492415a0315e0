// SPDX-License-Identifier: Apache-2.0
#include "engine/steps_done.hpp"

#include <algorithm>
#include <set>

namespace deployctl::engine {

namespace {

constexpr std::string_view step_started = "step.started";
constexpr std::string_view step_finished = "step.finished";
constexpr std::string_view step_skipped = "step.skipped";  // done before an import, as is shown
constexpr std::string_view state_changed = "rollout.state";
constexpr std::string_view effect_intent = "effect.intent";

bool is_forward(const Event& event) {
    return event.data.text("/direction") == to_text(Direction::forward);
}

class Walk {
public:
    void hear(const Event& event) {
        if (event.type == state_changed && !is_forward(event)) {
            started_.clear();
            done_.clear();
        } else if (is_forward(event)) {
            go(event.type, event.step.value_or(-1));
        }
    }

    bool has_done(int step) const { return done_.contains(step); }

private:
    void go(const std::string& type, int step) {
        if (type == step_started) {
            started_.insert(step);
        }
        const bool is_over = type == step_finished && started_.contains(step);
        if (is_over || type == step_skipped) {
            done_.insert(step);
        }
    }

    std::set<int> started_;
    std::set<int> done_;
};

}  // namespace

std::optional<int> first_step_not_done(const std::vector<Event>& events, int count) {
    Walk walk;
    for (const auto& event : events) {
        walk.hear(event);
    }
    for (int step = 0; step < count; ++step) {
        if (!walk.has_done(step)) {
            return step;
        }
    }
    return std::nullopt;
}

bool was_imported(const std::vector<Event>& events) {
    return std::ranges::any_of(events, [](const Event& event) {
        return event.type == state_changed && event.data.text("/from") == event.data.text("/state");
    });
}

bool shows_no_effect(const std::vector<Event>& events, const ObjectRef& record) {
    const auto own_record = to_text(record);
    const bool has_written = std::ranges::any_of(events, [&](const Event& event) {
        return event.type == effect_intent && event.data.text("/object") != own_record;
    });
    return !has_written && !was_imported(events);
}

}  // namespace deployctl::engine
