// SPDX-License-Identifier: Apache-2.0
#include "simcluster/rolling_update.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace deployctl::simcluster;

TEST_CASE("the new set grows as far as the surge allows, and no further", "[fakes]") {
    CHECK(next_size_of_new({4, 1, 0}, {0, 0}, {{4, 4}}) == 1);
    CHECK(next_size_of_new({4, 1, 0}, {1, 1}, {{4, 4}}) == 1);
    CHECK(next_size_of_new({4, 1, 0}, {1, 1}, {{3, 3}}) == 2);
    CHECK(next_size_of_new({4, 9, 0}, {0, 0}, {{4, 4}}) == 4);
    CHECK(next_size_of_new({2, 1, 0}, {4, 4}, {}) == 2);
}

TEST_CASE("of the old sets broken pods go first, then as many as can be spared", "[fakes]") {
    CHECK(next_sizes_of_old({4, 1, 0}, {1, 1}, {{4, 4}}) == std::vector<int>{3});
    CHECK(next_sizes_of_old({4, 1, 0}, {1, 0}, {{4, 4}}) == std::vector<int>{4});
    CHECK(next_sizes_of_old({4, 0, 1}, {0, 0}, {{4, 4}}) == std::vector<int>{3});
    CHECK(next_sizes_of_old({4, 1, 1}, {2, 2}, {{1, 0}, {2, 2}}) == std::vector<int>{0, 1});
}

TEST_CASE(
    "a new size in the middle of an update adds to the newest and takes from the oldest", "[fakes]"
) {
    CHECK(resized(7, {2, 3}) == std::vector<int>{2, 5});
    CHECK(resized(2, {2, 3}) == std::vector<int>{0, 2});
    CHECK(resized(0, {2, 3}) == std::vector<int>{0, 0});
}

TEST_CASE("any update ends, within its limits at each step, whatever gets ready when", "[fakes]") {
    std::mt19937 random(5);
    const auto pick = [&](int below) {
        return static_cast<int>(random() % static_cast<unsigned>(below));
    };
    for (int round = 0; round < 300; ++round) {
        deployctl::RollingLimits limits{1 + pick(9), pick(4), pick(4)};
        limits.max_surge += limits.max_surge + limits.max_unavailable == 0 ? 1 : 0;
        SetSize newest;
        std::vector<SetSize> olds{{limits.replicas, limits.replicas}};
        const int floor = limits.replicas - limits.max_unavailable;
        int steps = 0;
        for (; steps < 500 && (newest.available < limits.replicas || olds[0].replicas > 0);
             ++steps) {
            newest.replicas = next_size_of_new(limits, newest, olds);
            olds[0].replicas = next_sizes_of_old(limits, newest, olds)[0];
            olds[0].available = std::min(olds[0].available, olds[0].replicas);
            REQUIRE(newest.replicas + olds[0].replicas <= limits.replicas + limits.max_surge);
            REQUIRE(newest.available + olds[0].available >= floor);
            newest.available += newest.available < newest.replicas ? pick(2) : 0;
        }
        REQUIRE(steps < 500);
    }
}
