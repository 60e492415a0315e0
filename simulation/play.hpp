// SPDX-License-Identifier: Apache-2.0
// One play from begin to end: mishaps first, while runners die and follow each other, then a time
// without any, in which it has to come to its end. Deterministic: the same scenario gives the same
// result to the byte.
#pragma once

#include "simulation/checker.hpp"
#include "simulation/scenario.hpp"

#include <string>
#include <vector>

namespace deployctl::simulation {

struct PlayResult {
    std::vector<Violation> violations;
    std::string end;     ///< "promoted", "rolled_back", "refused"
    std::string normal;  ///< what stands in the cluster at the end: `normal_text`
    std::string log;
    int deaths = 0;
    int writes = 0;   ///< to the cluster
    Duration took{};  ///< virtual time
};

PlayResult play(const Scenario& scenario, EventLog event_log = EventLog::left_out);

}  // namespace deployctl::simulation
