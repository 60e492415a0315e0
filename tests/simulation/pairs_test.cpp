// SPDX-License-Identifier: Apache-2.0
// Runners that die one after the other: every single point, and a sample of the pairs. All pairs
// are played by `deployctl-simulate --pairs 1`.
#include "simulation/pairs.hpp"

#include "simulation/dice.hpp"
#include "simulation/trial.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simulation;

namespace {

// Every single point is played by tests/engine/crash_test.cpp.
#ifdef NDEBUG
constexpr int every_so_many = 3;
#else
constexpr int every_so_many = 29;
#endif

Scenario short_scenario(StrategyKind strategy) {
    auto scenario = plain_scenario();
    scenario.app.strategy = strategy;
    scenario.app.steps = {{25, seconds(5)}, {50, seconds(5)}};
    return scenario;
}

}  // namespace

TEST_CASE("a death at a write of any strategy ends as none: I28", "[simulation]") {
    for (const auto strategy :
         {StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling}) {
        const auto seen = play_pairs(short_scenario(strategy), [](const CrashPair& pair) {
            return pair.second == 0 && pair.first > 1 && (pair.first - 2) % every_so_many == 0;
        });
        CAPTURE(deployctl::to_text(strategy));
        CHECK(seen.failure == "");
        CHECK(seen.deaths == seen.plays);
        CHECK(seen.plays >= 40 / every_so_many);
    }
}

TEST_CASE(
    "a death at a write of a rollout that asks people ends as none, or back: I28", "[simulation]"
) {
    for (auto [name, scenario] : crash_courses()) {
        if (scenario.app.questions == Questions::none) {
            continue;
        }
        CAPTURE(name);
        scenario.app.steps = {{25, seconds(5)}, {50, seconds(5)}};
        const auto seen = play_pairs(scenario, [](const CrashPair& pair) {
            return pair.second == 0 && pair.first > 1 && (pair.first - 2) % every_so_many == 0;
        });
        CHECK(seen.failure == "");
        CHECK(seen.deaths == seen.plays);
        CHECK(seen.plays >= 40 / every_so_many);
    }
}

TEST_CASE("a rollout that asks people waits for each of them, and is promoted", "[simulation]") {
    for (const auto questions : {Questions::waited_for, Questions::come_back_to}) {
        auto scenario = short_scenario(StrategyKind::canary);
        scenario.app.questions = questions;
        const auto result = play(scenario, EventLog::kept);
        CHECK(result.end == "promoted");
        CHECK(result.violations.empty());
        for (const auto* name : {"release", "sre"}) {
            CHECK_THAT(result.log, Catch::Contains(name));
        }
    }
}

TEST_CASE("a death beside a fresh baseline ends as none: I28", "[simulation]") {
    auto scenario = short_scenario(StrategyKind::canary);
    scenario.app.baseline = CanaryBaseline::fresh;
    Dice dice(16);
    const auto seen = play_pairs(scenario, [&](const CrashPair& pair) {
        const bool is_single = pair.second == 0 && (pair.first - 2) % every_so_many == 0;
        return pair.first > 1 && (is_single || dice.between(1, 50 * every_so_many) == 1);
    });
    CHECK(seen.failure == "");
    CHECK(seen.deaths >= seen.plays);
    CHECK(seen.plays > 100 / every_so_many);
}

TEST_CASE("two deaths, one after the other, end as none: I28", "[simulation]") {
    Dice dice(28);
    const auto seen = play_pairs(short_scenario(StrategyKind::canary), [&](const CrashPair& pair) {
        return pair.first > 1 && pair.second > 0 && dice.between(1, 50 * every_so_many) == 1;
    });
    CHECK(seen.failure == "");
    CHECK(seen.deaths > seen.plays);
    CHECK(seen.plays > 100 / every_so_many);
}

TEST_CASE(
    "any request that comes late, or twice, changes nothing of the end: I24", "[simulation]"
) {
    const auto scenario = short_scenario(StrategyKind::canary);
    const auto undisturbed = play(scenario);
    int landed = 0;
    for (const auto fault : {simcluster::Fault::late, simcluster::Fault::twice}) {
        for (int write = 2; write < 110; write += 2 * every_so_many) {
            const auto result = play(with_crashes(scenario, {write, 0, fault}));
            CAPTURE(write);
            CHECK(ends_otherwise(undisturbed, result).value_or("") == "");
            landed += result.writes > undisturbed.writes ? 1 : 0;
        }
    }
    CHECK(landed > 0);
}

TEST_CASE("an end that is not the undisturbed one is seen: I28", "[simulation]") {
    PlayResult undisturbed;
    undisturbed.end = "promoted";
    undisturbed.normal = "web x4";
    auto result = undisturbed;
    CHECK_FALSE(ends_otherwise(undisturbed, result));
    result.normal = "web x3";
    CHECK(ends_otherwise(undisturbed, result));
    result.end = "paused";
    CHECK(*ends_otherwise(undisturbed, result) == "it ends paused instead of promoted");
    result.violations.push_back({"I1", {}, "too few"});
    CHECK_THAT(*ends_otherwise(undisturbed, result), Catch::Contains("I1"));
    result.end = "rolled_back";
    CHECK(ends_away_from_home(undisturbed, result));
    result.violations.clear();
    CHECK_FALSE(ends_away_from_home(undisturbed, result));
    result.end = "paused";
    CHECK(ends_away_from_home(undisturbed, result));
}
