// SPDX-License-Identifier: Apache-2.0
#include "readiness/side_by_side.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace deployctl::readiness {
namespace {

TEST_CASE("each number has its turn once", "[readiness]") {
    std::vector<std::atomic<int>> turns(1000);
    side_by_side(turns.size(), [&](std::size_t number) { ++turns[number]; });
    for (const auto& times : turns) {
        REQUIRE(times == 1);
    }
}

TEST_CASE("what the work throws in any thread comes back to whoever asked", "[readiness]") {
    const auto ask = [] {
        side_by_side(1000, [](std::size_t number) {
            if (number % 7 == 3) {
                throw std::runtime_error("no memory");
            }
        });
    };
    CHECK_THROWS_WITH(ask(), "no memory");
}

}  // namespace
}  // namespace deployctl::readiness
