// SPDX-License-Identifier: Apache-2.0
#include "simulation/trouble.hpp"

#include "simulation/dice.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace deployctl::simulation {

namespace {

using enum TroubleTakes;

// In the order of the enumeration.
constexpr std::array troubles{
    TroubleInfo{
        TroubleKind::pod_crash, "pod-crash", nothing, {}, "the pods of the new version crash"
    },
    TroubleInfo{
        TroubleKind::pod_unready,
        "pod-unready",
        nothing,
        {},
        "its pods are never, or no more, ready"
    },
    TroubleInfo{
        TroubleKind::image_missing,
        "image-missing",
        nothing,
        {},
        "pods of it that start find no image"
    },
    TroubleInfo{
        TroubleKind::out_of_memory, "out-of-memory", nothing, {}, "its pods are killed for memory"
    },
    TroubleInfo{
        TroubleKind::errors, "errors", share, {}, "it answers such a share of requests with 500"
    },
    TroubleInfo{
        TroubleKind::slow_start,
        "slow-start",
        duration,
        seconds(120),
        "pods of it that start need so long to be ready"
    },
    TroubleInfo{
        TroubleKind::api_down, "api-down", duration, seconds(15), "no call of the API server works"
    },
    TroubleInfo{
        TroubleKind::store_full, "store-full", duration, seconds(30), "the journal's disk is full"
    },
    TroubleInfo{
        TroubleKind::lost_write,
        "lost-write",
        nothing,
        {},
        "the next write to the cluster is done, and its answer lost"
    },
    TroubleInfo{
        TroubleKind::runner_killed,
        "runner-killed",
        nothing,
        {},
        "kill -9 of the runner; another one goes on"
    },
    TroubleInfo{
        TroubleKind::runner_frozen,
        "runner-frozen",
        duration,
        seconds(45),
        "the runner stands still, then goes on"
    },
};

constexpr std::array drawn{
    TroubleKind::api_down,
    TroubleKind::store_full,
    TroubleKind::lost_write,
    TroubleKind::runner_killed,
    TroubleKind::runner_frozen,
};

std::string value_text(const Trouble& trouble) {
    switch (info(trouble.kind).takes) {
        case nothing: return "";
        case share: return "=" + std::to_string(std::lround(trouble.share * 100)) + "%";
        case duration: return "=" + deployctl::to_text(trouble.length);
    }
    return "";
}

}  // namespace

std::span<const TroubleInfo> all_troubles() {
    return troubles;
}

const TroubleInfo& info(TroubleKind kind) {
    return troubles.at(static_cast<std::size_t>(kind));
}

std::string to_text(const Trouble& trouble) {
    return info(trouble.kind).name + value_text(trouble) + "@step" + std::to_string(trouble.step);
}

bool is_of_version(TroubleKind kind) {
    return kind < TroubleKind::api_down;
}

std::vector<Trouble> draw_troubles(std::uint64_t seed, int steps) {
    Dice dice(seed);
    const std::vector<TroubleKind> kinds(drawn.begin(), drawn.end());
    std::vector<Trouble> all;
    for (int count = dice.between(1, 3); count > 0; --count) {
        Trouble trouble;
        trouble.kind = dice.one_of(kinds);
        trouble.step = dice.between(1, steps);
        if (info(trouble.kind).takes == duration) {
            trouble.length = seconds(dice.one_of<int>({5, 15, 45, 90}));
        }
        all.push_back(trouble);
    }
    std::ranges::stable_sort(all, {}, &Trouble::step);
    return all;
}

}  // namespace deployctl::simulation
