// SPDX-License-Identifier: Apache-2.0
// A failure that was reported of another tool, as a file tells it: the app, its new version, what
// goes wrong, at which points, and how it may end. Values; any thread.
#pragma once

#include "simulation/scenario.hpp"

#include <set>
#include <string>
#include <vector>

namespace deployctl::tests {

struct Story {
    int number = 0;
    std::string title;
    std::vector<StrategyKind> strategies;
    std::set<std::string> ends;     ///< each of them has to be met
    std::set<std::string> may_end;  ///< where it came too late to matter
    std::vector<simulation::VersionKind> versions;
    simulation::Scenario scenario;          ///< with the mishaps that stay where they are
    std::vector<simulation::Mishap> swept;  ///< their `at` is set to each point
    std::vector<int> points;
};

/// What is played: of one version and one strategy, at each point.
std::vector<simulation::Scenario> scenarios_of(
    const Story& story, simulation::VersionKind version, StrategyKind strategy
);
/// Throws std::runtime_error, naming the file, where it is not understood.
Story read_story(const std::string& path);

}  // namespace deployctl::tests
