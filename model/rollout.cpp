// SPDX-License-Identifier: Apache-2.0
#include "model/rollout.hpp"

#include <array>
#include <tuple>

namespace deployctl {

namespace {

constexpr std::array states{
    RolloutState::pending,
    RolloutState::running,
    RolloutState::paused,
    RolloutState::rolling_back,
    RolloutState::needs_human,
    RolloutState::promoted,
    RolloutState::rolled_back,
    RolloutState::aborted,
    RolloutState::superseded,
};

struct Transition {
    RolloutState from;
    RolloutEvent event;
    RolloutState to;
};

using enum RolloutState;

/// The whole state machine. Turning back is possible from every state that has not ended.
constexpr std::array transitions{
    Transition{pending, RolloutEvent::start, running},
    Transition{pending, RolloutEvent::cancel, aborted},
    Transition{pending, RolloutEvent::turn_back, rolling_back},
    Transition{pending, RolloutEvent::supersede, superseded},
    Transition{pending, RolloutEvent::close, aborted},
    Transition{running, RolloutEvent::pause, paused},
    Transition{running, RolloutEvent::turn_back, rolling_back},
    Transition{running, RolloutEvent::finish, promoted},
    Transition{running, RolloutEvent::cancel, aborted},
    Transition{running, RolloutEvent::give_up, needs_human},
    Transition{running, RolloutEvent::supersede, superseded},
    Transition{paused, RolloutEvent::resume, running},
    Transition{paused, RolloutEvent::turn_back, rolling_back},
    Transition{paused, RolloutEvent::cancel, aborted},
    Transition{paused, RolloutEvent::give_up, needs_human},
    Transition{paused, RolloutEvent::supersede, superseded},
    Transition{paused, RolloutEvent::close, aborted},
    Transition{rolling_back, RolloutEvent::pause, paused},
    Transition{rolling_back, RolloutEvent::retry, running},
    Transition{rolling_back, RolloutEvent::finish, rolled_back},
    Transition{rolling_back, RolloutEvent::cancel, aborted},
    Transition{rolling_back, RolloutEvent::give_up, needs_human},
    Transition{rolling_back, RolloutEvent::turn_back, rolling_back},
    Transition{rolling_back, RolloutEvent::supersede, superseded},
    Transition{needs_human, RolloutEvent::turn_back, rolling_back},
    Transition{needs_human, RolloutEvent::resume, running},
    Transition{needs_human, RolloutEvent::cancel, aborted},
    Transition{needs_human, RolloutEvent::supersede, superseded},
    Transition{needs_human, RolloutEvent::close, aborted},
};

}  // namespace

const char* to_text(RolloutState state) {
    switch (state) {
        case pending: return "pending";
        case running: return "running";
        case paused: return "paused";
        case rolling_back: return "rolling_back";
        case needs_human: return "needs_human";
        case promoted: return "promoted";
        case rolled_back: return "rolled_back";
        case aborted: return "aborted";
        case superseded: return "superseded";
    }
    return "";
}

const char* to_text(RolloutEvent event) {
    switch (event) {
        case RolloutEvent::start: return "start";
        case RolloutEvent::pause: return "pause";
        case RolloutEvent::resume: return "resume";
        case RolloutEvent::retry: return "retry";
        case RolloutEvent::turn_back: return "turn_back";
        case RolloutEvent::finish: return "finish";
        case RolloutEvent::cancel: return "cancel";
        case RolloutEvent::give_up: return "give_up";
        case RolloutEvent::supersede: return "supersede";
        case RolloutEvent::close: return "close";
    }
    return "";
}

std::optional<RolloutState> read_rollout_state(std::string_view text) {
    for (const auto state : states) {
        if (text == to_text(state)) {
            return state;
        }
    }
    return std::nullopt;
}

std::vector<RolloutState> all_rollout_states() {
    return {states.begin(), states.end()};
}

std::optional<RolloutState> transition(RolloutState state, RolloutEvent event) {
    for (const auto& row : transitions) {
        if (row.from == state && row.event == event) {
            return row.to;
        }
    }
    return std::nullopt;
}

bool ended_later(const RolloutRecord& a, const RolloutRecord& b) {
    const auto place = [](const RolloutRecord& one) {
        const bool is_over = is_terminal(one.state);
        return std::tuple(!is_over, is_over ? one.ended.value_or(one.started) : one.started);
    };
    return place(a) > place(b);
}

}  // namespace deployctl
