// SPDX-License-Identifier: Apache-2.0
// Who wants to know what happens: the live view, plain lines, NDJSON. Called on the engine's
// thread; must not block and must not throw.
#pragma once

#include "model/journal.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl {

/// How things stand right now; never journalled, a new one makes the last one void.
struct Progress {
    RolloutId rollout;
    int step = 0;
    std::string stage;
    std::string waiting_for;        ///< "2 of 4 candidate pods are ready"
    Duration elapsed{};             ///< in this step
    std::optional<Duration> total;  ///< where the step's length is known
    int stable_ready = 0;
    int stable_wanted = 0;
    int candidate_ready = 0;
    int candidate_wanted = 0;
    int candidate_restarts = 0;
    std::vector<std::string> gates;  ///< one line each: "health 3 of 3, 200 in 4ms"
};

class EventSink {
public:
    virtual ~EventSink() = default;
    virtual void on_event(const Event& event) = 0;
    virtual void on_progress(const Progress& progress) = 0;

    /// Where it does not, progress need not be made for it: that takes counting pods.
    virtual bool shows_progress() const { return true; }
};

}  // namespace deployctl
