// SPDX-License-Identifier: Apache-2.0
// One rollout of a user's own plan on a copy of what it is about, in virtual time, while told
// troubles strike: the real engine, a simulated cluster, a journal in memory, and the checker that
// judges plays. Deterministic. Writes nowhere else.
#pragma once

#include "engine/rollout.hpp"
#include "simulation/checker.hpp"
#include "simulation/trouble.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace deployctl::simulation {

/// Objects of a cluster.
using Stand = std::vector<std::pair<Kind, Value>>;

struct RehearsalOrder {
    Plan plan;
    /// What stands there beside the plan's snapshot: a candidate or a preview Service of before,
    /// and quotas of pods. Disruption budgets matter to a plan, and to nobody who walks it.
    Stand others;
    std::vector<Trouble> troubles;
    Duration ready_after = seconds(10);  ///< a pod, after its container has started
};

/// Something happens: an event of the rollout, or what `note` says.
struct Moment {
    enum class Kind { event, fault, note } kind{};
    Duration at{};  ///< since the rollout began
    Event event;
    std::string note;
};

/// A command that ran it for a while, or to its end.
struct Run {
    std::string runner;
    std::optional<ExitCode> exit;  ///< none: it was killed
};

struct Rehearsal {
    std::vector<Moment> moments;
    std::vector<Run> runs;  ///< the first one began it, each later one has taken it up
    engine::RunResult end;
    Duration took{};  ///< virtual time
    int invariants = 0;
    std::vector<Violation> broken;
};

/// Old and new version have to have different names: their pods are told apart by them.
Rehearsal rehearse(const RehearsalOrder& order);

}  // namespace deployctl::simulation
