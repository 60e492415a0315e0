// SPDX-License-Identifier: Apache-2.0
#include "strategies/split.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace deployctl::strategies {

namespace {

WeightRow row(int asked, int stable, int candidate) {
    return {asked, 100.0 * candidate / (stable + candidate), stable, candidate};
}

double error_of(const WeightRow& weight) {
    return std::abs(weight.achieved - weight.asked);
}

}  // namespace

WeightRow split(int replicas, int weight, StableSize stable) {
    replicas = std::max(replicas, 1);
    weight = std::clamp(weight, 1, 99);
    std::vector<WeightRow> choices;
    if (stable == StableSize::stays) {
        const double exact = 1.0 * replicas * weight / (100 - weight);
        for (const double size : {std::floor(exact), std::ceil(exact)}) {
            choices.push_back(row(weight, replicas, std::max(1, static_cast<int>(size))));
        }
    } else {
        for (const int total : {replicas, replicas + 1}) {
            const int lower = total * weight / 100;
            for (const int candidate : {lower, lower + 1}) {
                if (candidate >= 1 && candidate < total) {
                    choices.push_back(row(weight, total - candidate, candidate));
                }
            }
        }
    }
    return *std::ranges::min_element(choices, {}, error_of);
}

std::vector<WeightRow> way_between(const WeightRow& from, const WeightRow& to, const Scene& scene) {
    const int most =
        std::max(scene.replicas + std::max(scene.max_surge, 1), to.stable + to.candidate);
    const int least = scene.replicas - scene.max_unavailable;
    std::vector<WeightRow> way;
    int stable = from.stable;
    int candidate = from.candidate;
    while (stable > to.stable || candidate < to.candidate) {
        const auto before = std::pair(stable, candidate);
        candidate = std::max(candidate, std::min(to.candidate, most - stable));
        stable = std::min(stable, std::max(to.stable, least - candidate));
        if (std::pair(stable, candidate) == before) {
            ++candidate;  // neither could move within the limits: one pod more is the smaller evil
        }
        way.push_back(row(to.asked, stable, candidate));
    }
    return way;
}

}  // namespace deployctl::strategies
