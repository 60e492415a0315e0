// SPDX-License-Identifier: Apache-2.0
// Half an hour of synthetic traffic that two versions share, from a seed: steady, or as real
// traffic misbehaves. Values; any thread.
#pragma once

#include "analysis/counts.hpp"

#include <random>
#include <string>
#include <vector>

namespace deployctl::bench {

using Random = std::mt19937_64;

enum class Shape {
    steady,
    bursty,   ///< requests come and go: their number is exponential from look to look
    diurnal,  ///< requests and the error rate of both versions rise and fall
    uneven,   ///< each pod has a rate of its own, 30 % apart (beta-binomial)
    clumped,  ///< errors come three at a time on average, as retries make them
    spike,    ///< for 60 s both versions fail ten times as often
    outage,   ///< for 60 s both versions fail in nine of ten requests
};

struct Scene {
    std::string name;
    double base_rate = 0;
    double ratio = 1;
    double share = 0;
    Shape shape = Shape::steady;
    double requests_a_second = 100;
    double look_seconds = 10;
};

inline constexpr double trial_seconds = 1800;
inline constexpr double burst_from = 600;
inline constexpr double burst_to = 660;

/// What a look sees: the counts of each pod since the look before.
struct PodLook {
    std::vector<analysis::Counts> canary;
    std::vector<analysis::Counts> baseline;
};

analysis::Look total(const PodLook& look);

std::vector<PodLook> play(const Scene& scene, Random& random);

}  // namespace deployctl::bench
