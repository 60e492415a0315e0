// SPDX-License-Identifier: Apache-2.0
// Every crash point, and all pairs of them: a runner dies at one write of a plain rollout, to the
// cluster or the journal, and the one that goes on with it dies at a later one. However they die,
// it ends as if nobody had, or, where whoever follows sends it back, as before it began. Pure but
// for the time it takes; any thread.
#pragma once

#include "simulation/play.hpp"

#include <functional>
#include <string>
#include <vector>

namespace deployctl::simulation {

/// A runner dies before or after write `first`, the next one at its own write `second`; 0: it
/// lives.
struct CrashPair {
    int first = 0;
    int second = 0;
    simcluster::Fault how{};
};

struct CrashCourse {
    std::string name;
    Scenario scenario;
};

/// What is played at every point: each strategy, also asking people, and sent back from there.
std::vector<CrashCourse> crash_courses();

std::string to_text(const CrashPair& pair);
Scenario with_crashes(Scenario scenario, const CrashPair& pair);
/// How many writes the runner of an undisturbed play makes.
int writes_of(const Scenario& scenario);

struct PairsSeen {
    long plays = 0;
    long deaths = 0;
    std::string failure;  ///< the first; empty: none
};

/// Those that `picks` picks, until one fails. The second runner's points end where it has none.
PairsSeen play_pairs(const Scenario& scenario, const std::function<bool(const CrashPair&)>& picks);

}  // namespace deployctl::simulation
