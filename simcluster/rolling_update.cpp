// SPDX-License-Identifier: Apache-2.0
#include "simcluster/rolling_update.hpp"

#include <algorithm>
#include <numeric>

namespace deployctl::simcluster {

namespace {

int total(const std::vector<SetSize>& sets, int SetSize::*field) {
    return std::accumulate(sets.begin(), sets.end(), 0, [&](int sum, const SetSize& set) {
        return sum + set.*field;
    });
}

}  // namespace

int next_size_of_new(
    const RollingLimits& limits, SetSize newest, const std::vector<SetSize>& olds
) {
    if (newest.replicas >= limits.replicas) {
        return limits.replicas;
    }
    const int present = newest.replicas + total(olds, &SetSize::replicas);
    const int room = std::max(0, limits.replicas + limits.max_surge - present);
    return newest.replicas + std::min(room, limits.replicas - newest.replicas);
}

std::vector<int> next_sizes_of_old(
    const RollingLimits& limits, SetSize newest, const std::vector<SetSize>& olds
) {
    std::vector<int> sizes;
    for (const auto& set : olds) {
        sizes.push_back(set.replicas);
    }
    const int least = limits.replicas - limits.max_unavailable;
    const int present = newest.replicas + total(olds, &SetSize::replicas);
    int removable = present - least - std::max(0, newest.replicas - newest.available);
    for (std::size_t index = 0; index < olds.size() && removable > 0; ++index) {
        const int unhealthy = std::max(0, olds[index].replicas - olds[index].available);
        const int taken = std::min(removable, unhealthy);
        sizes[index] -= taken;
        removable -= taken;
    }
    int spare = newest.available + total(olds, &SetSize::available) - least;
    for (std::size_t index = 0; index < olds.size() && spare > 0 && removable > 0; ++index) {
        const int taken = std::min({spare, removable, sizes[index]});
        sizes[index] -= taken;
        spare -= taken;
        removable -= taken;
    }
    return sizes;
}

std::vector<int> resized(int allowed_total, std::vector<int> sizes) {
    int missing = allowed_total - std::accumulate(sizes.begin(), sizes.end(), 0);
    if (missing > 0) {
        sizes.back() += missing;
    }
    for (auto& size : sizes) {
        const int taken = std::clamp(-missing, 0, size);
        size -= taken;
        missing += taken;
    }
    return sizes;
}

}  // namespace deployctl::simcluster
