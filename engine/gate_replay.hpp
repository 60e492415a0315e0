// SPDX-License-Identifier: Apache-2.0
// Every verdict of a rollout's gates judged anew from what its journal stored, and every decision
// ruled anew from the verdicts, by the functions that did it first (gates/replay.hpp, policy.hpp).
// Pure; reads nothing but plan and events.
#pragma once

#include "gates/replay.hpp"
#include "model/journal.hpp"
#include "model/plan.hpp"

#include <string>
#include <vector>

namespace deployctl::engine {

struct ReplayedVerdict {
    std::int64_t seq = 0;
    GateEvaluated recorded;
    gates::Replay replay;
    std::string decision;  ///< ruled anew; empty where none was recorded

    /// What was recorded does not follow from what was stored.
    bool is_other_answer() const {
        return replay.verdict && replay.verdict->answer != recorded.verdict.answer;
    }

    bool is_other_decision() const { return decision != recorded.ruled.decision; }

    bool is_other() const { return is_other_answer() || is_other_decision(); }
};

/// In the order of the events.
std::vector<ReplayedVerdict> replay_gates(const Plan& plan, const std::vector<Event>& events);

}  // namespace deployctl::engine
