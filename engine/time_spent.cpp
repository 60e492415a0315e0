// SPDX-License-Identifier: Apache-2.0
#include "engine/time_spent.hpp"

#include <algorithm>
#include <array>

namespace deployctl::engine {

namespace {

constexpr std::string_view state_changed = "rollout.state";
constexpr std::string_view cause_found = "rollout.cause";
constexpr std::string_view approval_awaited = "approval.awaited";
/// What comes next, whoever runs it then.
constexpr std::array<std::string_view, 3> end_of_waiting{
    "step.started", "step.finished", "step.failed"
};

class Stopwatch {
public:
    void hear(const Event& event) {
        if (event.type == cause_found && event.data.text("/kind") == timeout_cause) {
            spent_ = Duration{};
            runs_ = false;
        }
        if (event.type == approval_awaited) {
            stop_for_people(event.at);
        } else if (waits_ && std::ranges::count(end_of_waiting, event.type) > 0) {
            since_ = event.at;
            waits_ = false;
        }
        if (event.type == state_changed) {
            change(event);
        }
    }

    Duration read(WallTime now) const {
        return runs_ && !waits_ ? spent_ + std::max(now - since_, Duration{}) : spent_;
    }

private:
    void stop_for_people(WallTime at) {
        spent_ = read(at);
        since_ = at;
        waits_ = true;
    }

    void change(const Event& event) {
        spent_ = read(event.at);
        since_ = event.at;
        waits_ = false;
        runs_ = read_rollout_state(event.data.text("/state")) == RolloutState::running;
        if (read_rollout_state(event.data.text("/from")) == RolloutState::rolling_back) {
            spent_ = Duration{};  // a retry: the first attempt's time is not the second one's
        }
    }

    Duration spent_{};
    WallTime since_;
    bool runs_ = false;
    bool waits_ = false;  ///< for people
};

}  // namespace

Duration time_spent(const std::vector<Event>& events, WallTime now) {
    Stopwatch watch;
    for (const auto& event : events) {
        watch.hear(event);
    }
    return watch.read(now);
}

}  // namespace deployctl::engine
