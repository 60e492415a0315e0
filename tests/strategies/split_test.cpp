// SPDX-License-Identifier: Apache-2.0
#include "strategies/split.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using strategies::StableSize;

TEST_CASE("a weight becomes the nearest ratio over n or n + 1 pods", "[strategies]") {
    const auto [replicas, weight, stable, candidate] = GENERATE(table<int, int, int, int>({
        {4, 25, 3, 1},
        {4, 10, 4, 1},
        {4, 50, 2, 2},
        {4, 75, 1, 3},
        {10, 10, 9, 1},
        {10, 1, 10, 1},
        {10, 99, 1, 10},
        {1, 10, 1, 1},
        {3, 50, 2, 2},
        {20, 5, 19, 1},
    }));
    CAPTURE(replicas, weight);
    const auto row = strategies::split(replicas, weight, StableSize::shares);
    CHECK(row.stable == stable);
    CHECK(row.candidate == candidate);
}

TEST_CASE("behind an autoscaler the candidate comes on top of stable", "[strategies]") {
    const auto row = strategies::split(4, 50, StableSize::stays);
    CHECK(row.stable == 4);
    CHECK(row.candidate == 4);
    CHECK(strategies::split(10, 5, StableSize::stays).candidate == 1);
}

TEST_CASE(
    "every split keeps both versions, and every way between stays within surge and unavailable",
    "[strategies]"
) {
    for (int replicas = 1; replicas <= 40; ++replicas) {
        for (int surge = 0; surge <= 3; ++surge) {
            Scene scene;
            scene.replicas = replicas;
            scene.max_surge = surge;
            scene.max_unavailable = surge == 0 ? 1 : 0;
            WeightRow here{0, 0, replicas, 0};
            for (int weight = 1; weight < 100; weight += 7) {
                const auto next = strategies::split(replicas, weight, StableSize::shares);
                CAPTURE(replicas, surge, weight);
                REQUIRE(next.stable >= 1);
                REQUIRE(next.candidate >= 1);
                for (const auto& row : strategies::way_between(here, next, scene)) {
                    REQUIRE(row.stable + row.candidate <= replicas + std::max(surge, 1));
                    REQUIRE(row.stable + row.candidate >= replicas - scene.max_unavailable);
                    REQUIRE(row.candidate >= here.candidate);
                    REQUIRE(row.stable <= here.stable);
                    here = row;
                }
                REQUIRE(here.stable == next.stable);
                REQUIRE(here.candidate == next.candidate);
            }
        }
    }
}
