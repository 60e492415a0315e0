// SPDX-License-Identifier: Apache-2.0
// Failures that were reported of other tools, each played here at points all over a rollout; the
// names say whose.
#include "simulation/play.hpp"
#include "simulation/trial.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace deployctl;
using namespace deployctl::simulation;

namespace {

// A prime, so that each kind of point is met; every point is `stride` 1, and takes minutes.
#ifdef NDEBUG
constexpr int stride = 7;
#else
constexpr int stride = 29;
#endif
constexpr int last_write = 150;  // of a canary or a blue-green of four pods, and some more
constexpr int last_second = 110;

Mishap of_kind(Mishap::Kind kind, int at) {
    Mishap mishap;
    mishap.kind = kind;
    mishap.at = at;
    return mishap;
}

Mishap fault_at(int write, simcluster::Fault fault) {
    auto mishap = of_kind(Mishap::Kind::fault, write);
    mishap.fault = fault;
    return mishap;
}

Mishap asked_at(int second, RequestKind request) {
    auto mishap = of_kind(Mishap::Kind::request, second);
    mishap.request = request;
    return mishap;
}

Mishap frozen_at(int write, int length) {
    auto mishap = of_kind(Mishap::Kind::freeze, write);
    mishap.length = length;
    return mishap;
}

Mishap rival_at(int second, RivalKind kind) {
    auto mishap = of_kind(Mishap::Kind::rival, second);
    mishap.rival = kind;
    return mishap;
}

Scenario a_play(StrategyKind strategy, VersionKind version = VersionKind::good) {
    auto scenario = plain_scenario();
    scenario.app.strategy = strategy;
    scenario.app.steps = {{25, seconds(10)}, {50, seconds(10)}};
    scenario.version = version;
    return scenario;
}

/// How it ends; a broken rule instead, where one is.
std::string end_of(const Scenario& scenario) {
    const auto result = play(scenario);
    return result.violations.empty() ? result.end
                                     : to_text(scenario) + to_text(result.violations.front());
}

using Ends = std::set<std::string>;

}  // namespace

TEST_CASE(
    "a kill leaves nothing pending, the next run goes on (helm 10599, 8987)", "[simulation]"
) {
    Ends ends;
    for (int write = 1; write < last_write; write += stride) {
        auto scenario = a_play(StrategyKind::canary);
        scenario.mishaps = {fault_at(write, simcluster::Fault::crash_after)};
        ends.insert(end_of(scenario));
    }
    CHECK(ends == Ends{"promoted"});
}

TEST_CASE("an abort in every state takes nothing down (argo-rollouts 1292, 4461)", "[simulation]") {
    for (const auto strategy : {StrategyKind::canary, StrategyKind::blue_green}) {
        Ends ends;
        for (int second = 0; second < last_second; second += stride) {
            auto scenario = a_play(strategy);
            scenario.mishaps = {asked_at(second, RequestKind::abort)};
            ends.insert(end_of(scenario));
        }
        CHECK(ends == Ends{"promoted", "rolled_back"});  // promoted: asked after the end
    }
}

TEST_CASE(
    "a version that fails late leaves the traffic on what is healthy (flagger 1931)", "[simulation]"
) {
    Ends ends;
    for (const auto strategy : {StrategyKind::canary, StrategyKind::blue_green}) {
        for (const auto version : {VersionKind::turns_unready, VersionKind::flaky}) {
            for (int write = 20; write < last_write; write += 3 * stride) {
                auto scenario = a_play(strategy, version);
                scenario.mishaps = {fault_at(write, simcluster::Fault::crash_before)};
                ends.insert(end_of(scenario));
            }
        }
    }
    ends.erase("promoted");  // it failed after the end
    CHECK(ends == Ends{"rolled_back"});
}

TEST_CASE("a kill between switch and clean-up (multiapps-controller 431)", "[simulation]") {
    Ends ends;
    for (int write = 1; write < last_write; write += stride) {
        auto scenario = a_play(StrategyKind::blue_green);
        scenario.app.keep_old = seconds(10);
        scenario.mishaps = {fault_at(write, simcluster::Fault::crash_before)};
        ends.insert(end_of(scenario));
    }
    CHECK(ends == Ends{"promoted"});
}

TEST_CASE("a frozen worker wakes after another took over (spinnaker 7921)", "[simulation]") {
    Ends ends;
    for (int write = 1; write < last_write; write += stride) {
        auto scenario = a_play(StrategyKind::canary);
        scenario.mishaps = {frozen_at(write, 90), rival_at(2, RivalKind::waits)};
        ends.insert(end_of(scenario));
    }
    CHECK(ends == Ends{"promoted"});
}

TEST_CASE("a rollback races a frozen deploy (kit-deployer 89)", "[simulation]") {
    Ends ends;
    for (int write = 2; write < last_write; write += stride) {
        auto scenario = a_play(StrategyKind::canary);
        scenario.mishaps = {
            frozen_at(write, 90),
            rival_at(2, RivalKind::takes_over),
            asked_at(3, RequestKind::abort)
        };
        ends.insert(end_of(scenario));
    }
    CHECK(ends == Ends{"rolled_back"});
}

TEST_CASE("two resumes race (dbos 491, 493)", "[simulation]") {
    Ends ends;
    for (int write = 1; write < last_write; write += stride) {
        auto scenario = a_play(StrategyKind::canary);
        scenario.mishaps = {fault_at(write, simcluster::Fault::crash_before)};
        for (const int second : {1, 1, 20, 20}) {
            scenario.mishaps.push_back(rival_at(second, RivalKind::takes_over));
        }
        ends.insert(end_of(scenario));
    }
    CHECK(ends == Ends{"promoted"});
}

TEST_CASE("an effect that lands after a cancel (OctopusDeploy 727)", "[simulation]") {
    Ends ends;
    for (int write = 1; write < last_write; write += stride) {
        auto scenario = a_play(StrategyKind::canary);
        scenario.mishaps = {
            fault_at(write, simcluster::Fault::late), asked_at(1 + write / 2, RequestKind::abort)
        };
        ends.insert(end_of(scenario));
    }
    ends.erase("promoted");  // asked after the end
    CHECK(ends == Ends{"rolled_back"});
}

TEST_CASE("a wall clock that jumps shortens nothing and locks nobody out", "[simulation]") {
    for (const int by : {-90, 90}) {
        auto scenario = a_play(StrategyKind::canary);
        scenario.mishaps = {
            of_kind(Mishap::Kind::jump, 5), fault_at(60, simcluster::Fault::crash_after)
        };
        scenario.mishaps[0].length = by;
        CHECK(end_of(scenario) == "promoted");
    }
}
