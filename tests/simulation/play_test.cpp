// SPDX-License-Identifier: Apache-2.0
// Plays of known scenarios: how they end, that they tell the same twice, that rivals and sleepers
// do no harm, and how a failing one is made small.
#include "simulation/play.hpp"

#include "simulation/trial.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using namespace deployctl::simulation;

namespace {

Mishap a_mishap(Mishap::Kind kind, int at, int length = 0) {
    Mishap mishap;
    mishap.kind = kind;
    mishap.at = at;
    mishap.length = length;
    return mishap;
}

std::string violations_of(const PlayResult& result) {
    std::string text;
    for (const auto& violation : result.violations) {
        text += to_text(violation) + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("a good version is promoted, a bad one is rolled back", "[simulation]") {
    for (const auto strategy :
         {StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling}) {
        for (const auto version :
             {VersionKind::good, VersionKind::errors, VersionKind::crash, VersionKind::unready}) {
            auto scenario = plain_scenario();
            scenario.app.strategy = strategy;
            scenario.version = version;
            const auto result = play(scenario);
            CAPTURE(to_text(scenario));
            CHECK(result.end == (is_bad(version) ? "rolled_back" : "promoted"));
            CHECK(violations_of(result) == "");
        }
    }
}

TEST_CASE("a seed is all there is to remember", "[simulation]") {
    CHECK(to_text(draw_scenario(7)) == to_text(draw_scenario(7)));
    CHECK(to_text(draw_scenario(7)) != to_text(draw_scenario(8)));
    for (std::uint64_t seed = 1; seed < 6; ++seed) {
        const auto scenario = draw_scenario(seed);
        const auto once = play(scenario, EventLog::kept);
        CHECK(once.log.size() > 100);
        CHECK_FALSE(differs(once, play(scenario, EventLog::kept)));
    }
}

TEST_CASE(
    "a runner that stands still while another takes over wakes and changes nothing", "[simulation]"
) {
    int takeovers = 0;
    for (int write = 10; write < 100; write += 9) {
        auto scenario = plain_scenario();
        scenario.mishaps = {
            a_mishap(Mishap::Kind::freeze, write, 120), a_mishap(Mishap::Kind::rival, 1)
        };
        scenario.mishaps[1].rival = RivalKind::waits;
        const auto result = play(scenario, EventLog::kept);
        CAPTURE(write);
        CHECK(result.end == "promoted");
        CHECK(violations_of(result) == "");
        const bool was_taken = result.log.find("\"epoch\":2") != std::string::npos;
        takeovers += was_taken ? 1 : 0;
    }
    CHECK(takeovers > 3);
}

// Each of them leaves within seconds, but the one that is there when the holder falls silent.
TEST_CASE("whoever leaves a holder that is heard takes over from a silent one", "[simulation]") {
    int takeovers = 0;
    for (int write = 10; write < 100; write += 9) {
        auto scenario = plain_scenario();
        scenario.extras.if_silent = true;
        scenario.mishaps = {a_mishap(Mishap::Kind::freeze, write, 120)};
        for (int second = 1; second < 130; second += 8) {
            scenario.mishaps.push_back(a_mishap(Mishap::Kind::rival, second));
        }
        const auto result = play(scenario, EventLog::kept);
        CAPTURE(write);
        CHECK(is_terminal(*read_rollout_state(result.end)));
        CHECK(violations_of(result) == "");
        const std::string taking = "lock.acquired";
        const auto first = result.log.find(taking);
        const bool was_taken = result.log.find(taking, first + 1) != std::string::npos;
        takeovers += was_taken ? 1 : 0;
    }
    CHECK(takeovers > 3);
}

TEST_CASE("a runner that dies is followed by another one", "[simulation]") {
    auto scenario = plain_scenario();
    scenario.mishaps = {a_mishap(Mishap::Kind::fault, 30), a_mishap(Mishap::Kind::fault, 60)};
    scenario.mishaps[0].fault = simcluster::Fault::crash_before;
    scenario.mishaps[1].fault = simcluster::Fault::crash_after;
    const auto result = play(scenario);
    CHECK(result.deaths == 2);
    CHECK(result.end == "promoted");
    CHECK(violations_of(result) == "");
}

TEST_CASE("who asks for an abort from another shell gets one", "[simulation]") {
    auto scenario = plain_scenario();
    scenario.mishaps = {a_mishap(Mishap::Kind::request, 12)};
    scenario.mishaps[0].request = RequestKind::abort;
    const auto result = play(scenario);
    CHECK(result.end == "rolled_back");
    CHECK(violations_of(result) == "");
}

TEST_CASE("a planted secret stays where it was planted, whatever happens: I32", "[simulation]") {
    for (const auto strategy :
         {StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling}) {
        for (const auto version : {VersionKind::good, VersionKind::crash}) {
            auto scenario = plain_scenario();
            scenario.app.strategy = strategy;
            scenario.version = version;
            scenario.planted = "hunter2";
            scenario.mishaps = {
                a_mishap(Mishap::Kind::fault, 30), a_mishap(Mishap::Kind::rival, 20)
            };
            scenario.mishaps[0].fault = simcluster::Fault::crash_after;
            const auto result = play(scenario, EventLog::kept);
            CHECK(is_terminal(*read_rollout_state(result.end)));
            CHECK(violations_of(result) == "");
            CHECK(result.log.find("hunter2") == std::string::npos);
        }
    }
}

// A runner that dies between the cause and the pause has told nobody.
TEST_CASE("somebody's change in the middle waits for a decision: I33", "[simulation]") {
    int told = 0;
    for (int second = 1; second < 75; second += 7) {
        for (int write = 0; write < 90; write += 6) {
            auto scenario = plain_scenario();
            scenario.mishaps = {
                a_mishap(Mishap::Kind::edit, second), a_mishap(Mishap::Kind::fault, write)
            };
            scenario.mishaps[1].fault = simcluster::Fault::crash_before;
            const auto result = play(scenario, EventLog::kept);
            CAPTURE(to_text(scenario));
            CHECK(is_terminal(*read_rollout_state(result.end)));
            CHECK(violations_of(result) == "");
            told += result.log.find("changed by somebody else") == std::string::npos ? 0 : 1;
        }
    }
    CHECK(told > 50);
}

TEST_CASE("a wall clock that jumps shortens nothing and locks nobody out", "[simulation]") {
    for (const int by : {-90, 90}) {
        auto scenario = plain_scenario();
        scenario.mishaps = {a_mishap(Mishap::Kind::jump, 5, by), a_mishap(Mishap::Kind::fault, 60)};
        scenario.mishaps[1].fault = simcluster::Fault::crash_after;
        const auto result = play(scenario);
        CHECK(result.end == "promoted");
        CHECK(violations_of(result) == "");
    }
}

TEST_CASE("a failing schedule is made as small as it gets", "[simulation]") {
    Scenario scenario;
    for (int at = 1; at <= 9; ++at) {
        scenario.mishaps.push_back(a_mishap(Mishap::Kind::freeze, at));
    }
    const auto has = [](const Scenario& one, int at) {
        return std::ranges::any_of(one.mishaps, [&](const Mishap& m) { return m.at == at; });
    };
    const auto small =
        shrink(scenario, [&](const Scenario& one) { return has(one, 3) && has(one, 8); });
    CHECK(small.mishaps.size() == 2);
    CHECK(has(small, 3));
    CHECK(has(small, 8));
}

TEST_CASE("who has lost the journal goes back to where it was all the same: I37", "[simulation]") {
    for (const auto strategy :
         {StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling}) {
        for (int write = 12; write < 90; write += 7) {
            auto scenario = plain_scenario();
            scenario.app.strategy = strategy;
            scenario.journals = JournalPlaces::shared;
            scenario.mishaps = {a_mishap(Mishap::Kind::outage, 3 * write, 1000)};
            scenario.mishaps[0].fault = simcluster::Fault::crash_before;
            CAPTURE(deployctl::to_text(strategy), write);
            const auto found = loses_its_way(scenario);
            CHECK(found.value_or("") == "");
        }
    }
}

// The Lease is what names the rollout: without it nobody knows that there is one.
TEST_CASE("a way home that the cluster does not show any more is noticed: I37", "[simulation]") {
    int noticed = 0;
    for (int call = 100; call < 500; call += 10) {
        auto scenario = plain_scenario();
        scenario.mishaps = {
            a_mishap(Mishap::Kind::edit, 20), a_mishap(Mishap::Kind::outage, call, 1000)
        };
        scenario.mishaps[0].edit = EditKind::lease;
        scenario.mishaps[1].fault = simcluster::Fault::crash_before;
        noticed += loses_its_way(scenario) ? 1 : 0;
    }
    CHECK(noticed > 0);  // where it is deleted once everybody has died
}

TEST_CASE(
    "watches that stand still for a while delay a rollout, and decide nothing", "[simulation]"
) {
    for (const auto strategy :
         {StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling}) {
        for (int second = 0; second < 80; second += 5) {
            auto scenario = plain_scenario();
            scenario.app.strategy = strategy;
            const auto calm = play(scenario);
            scenario.mishaps = {a_mishap(Mishap::Kind::stale, second, 20)};
            const auto result = play(scenario);
            CAPTURE(deployctl::to_text(strategy), second);
            CHECK(ends_otherwise(calm, result).value_or("") == "");
        }
    }
}

TEST_CASE("what a seed draws besides changes nothing of the rest", "[simulation]") {
    bool has_edits = false;
    bool has_standstill = false;
    for (std::uint64_t seed = 1; seed < 20; ++seed) {
        const auto usual = to_text(draw_scenario(seed));
        const auto with_edits = to_text(draw_scenario(seed, {true, false, false, false}));
        const auto with_standstill = to_text(draw_scenario(seed, {false, true, false, false}));
        CHECK(with_edits.starts_with(usual));
        CHECK(with_standstill.starts_with(usual));
        has_edits = has_edits || with_edits.find("somebody") != std::string::npos;
        has_standstill = has_standstill || with_standstill.find("stand still") != std::string::npos;
    }
    CHECK(has_edits);
    CHECK(has_standstill);
}
