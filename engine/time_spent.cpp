// SPDX-License-Identifier: Apache-2.0
#include "engine/time_spent.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

constexpr std::string_view state_changed = "rollout.state";
constexpr std::string_view cause_found = "rollout.cause";

class Stopwatch {
public:
    void hear(const Event& event) {
        if (event.type == cause_found && event.data.text("/kind") == timeout_cause) {
            spent_ = Duration{};
            runs_ = false;
        }
        if (event.type == state_changed) {
            change(event);
        }
    }

    Duration read(WallTime now) const {
        return runs_ ? spent_ + std::max(now - since_, Duration{}) : spent_;
    }

private:
    void change(const Event& event) {
        spent_ = read(event.at);
        since_ = event.at;
        runs_ = read_rollout_state(event.data.text("/state")) == RolloutState::running;
        if (read_rollout_state(event.data.text("/from")) == RolloutState::rolling_back) {
            spent_ = Duration{};  // a retry: the first attempt's time is not the second one's
        }
    }

    Duration spent_{};
    WallTime since_;
    bool runs_ = false;
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
