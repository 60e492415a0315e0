// SPDX-License-Identifier: Apache-2.0
// Kill the runner at every single call to the cluster or the journal; whoever comes next ends the
// rollout in the same state as an undisturbed run, or back at the snapshot.
#include "documents/json.hpp"
#include "simcluster/run.hpp"
#include "state/mem_store.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

namespace {

// Every single point, where the program is fast enough for it; elsewhere a prime stride meets each
// kind of point in a fraction of the time.
#ifdef NDEBUG
const int stride = 1;
#else
const int stride = 13;
#endif

constexpr auto promoted_canary = "registry/shop/web:v2 x4, candidate x0, app=web";
constexpr auto restored_canary = "registry/shop/web:v1 x4, candidate x0, app=web";

/// The journal hides the values of such variables: only the record in the cluster has them.
void give_literal(Stage& stage) {
    stage.cluster.erase(in_shop(Kind::deployment, "web"));
    stage.cluster
        .add(a_deployment("web").replicas(4).image("registry/shop/web:v1").environment("MODE", "1"))
        .settle();
}

/// Runs until the fault strikes; false where the run came to its end before.
bool run_until_crash(Stage& stage, StrategyKind strategy) {
    try {
        stage.start(strategy, "v2");
        return false;
    } catch (const SimulatedCrash&) {
        stage.replace_runner();
        return true;
    }
}

std::string specs_of(Stage& stage) {
    std::string text;
    for (const auto kind : {Kind::deployment, Kind::service}) {
        text += documents::write_json(stage.cluster.object(in_shop(kind, "web")).at("/spec"));
    }
    return text;
}

std::string promoted(StrategyKind strategy) {
    return strategy == StrategyKind::rolling ? "registry/shop/web:v2 x4, app=web" : promoted_canary;
}

}  // namespace

TEST_CASE("killed at any write, a resumed rollout ends as an undisturbed one", "[engine][crash]") {
    for (const auto strategy :
         {StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling}) {
        for (const auto fault : {Fault::crash_before, Fault::crash_after}) {
            for (int write = 1;; write += stride) {
                CAPTURE(to_text(strategy), write, fault == Fault::crash_before);
                Stage stage;
                give_literal(stage);
                stage.faults.at_write(write, fault);
                const bool crashed = run_until_crash(stage, strategy);
                if (!crashed) {
                    REQUIRE(write > 20);
                    break;
                }
                if (write == 1 && fault == Fault::crash_before) {
                    continue;  // nothing was begun
                }
                REQUIRE(stage.resume().exit == ExitCode::done);
                REQUIRE(stage.end_state() == promoted(strategy));
            }
        }
    }
}

TEST_CASE(
    "killed before the record stands, what a person changed meanwhile ends it with nothing changed",
    "[engine][crash]"
) {
    int ended = 0;
    for (int write = 2; write < 12; ++write) {
        CAPTURE(write);
        Stage stage;
        give_literal(stage);
        stage.faults.at_write(write, Fault::crash_before);
        REQUIRE(run_until_crash(stage, StrategyKind::canary));
        stage.cluster.edit(in_shop(Kind::deployment, "web"), [](Value& web) {
            web.set("/spec/template/spec/containers/0/env/0/value", "2");
        });
        stage.cluster.settle();
        const auto result = stage.resume();
        if (result.rollout.state != RolloutState::aborted) {
            continue;  // the record stood
        }
        ++ended;
        REQUIRE(result.exit == ExitCode::blocked);
        REQUIRE(stage.end_state() == "registry/shop/web:v1 x4, app=web");
        REQUIRE(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    }
    CHECK(ended > 3);
}

TEST_CASE("an abort that was heard is not lost with the runner that heard it", "[engine][crash]") {
    int heard = 0;
    for (int write = 20; write < 60; ++write) {
        for (const auto fault : {Fault::crash_before, Fault::crash_after}) {
            CAPTURE(write, fault == Fault::crash_before);
            Stage stage;
            stage.clock.call_in(seconds(8), [&stage] {
                Request request;
                request.kind = RequestKind::abort;
                request.by = "eve@desk";
                run(stage.store.make_request(stage.newest().id, request));
            });
            stage.faults.at_write(write, fault);
            if (!run_until_crash(stage, StrategyKind::canary)) {
                continue;
            }
            const auto id = stage.newest().id;
            const auto events = run(stage.store.events(id, 0));
            heard += static_cast<int>(std::ranges::count(events, "rollout.request", &Event::type));
            REQUIRE(stage.resume().rollout.state == RolloutState::rolled_back);
        }
    }
    CHECK(heard > 3);
}

TEST_CASE("a pause that was heard is not lost with the runner that heard it", "[engine][crash]") {
    int heard = 0;
    for (int write = 20; write < 60; ++write) {
        for (const auto fault : {Fault::crash_before, Fault::crash_after}) {
            CAPTURE(write, fault == Fault::crash_before);
            Stage stage;
            stage.clock.call_in(seconds(8), [&stage] {
                Request request;
                request.kind = RequestKind::pause;
                request.by = "eve@desk";
                run(stage.store.make_request(stage.newest().id, request));
            });
            stage.faults.at_write(write, fault);
            run_until_crash(stage, StrategyKind::canary);
            const auto events = run(stage.store.events(stage.newest().id, 0));
            if (std::ranges::count(events, "rollout.request", &Event::type) > 0) {
                ++heard;
                REQUIRE(stage.newest().state == RolloutState::paused);
            }
        }
    }
    CHECK(heard > 3);
}

TEST_CASE("killed at any write, a rollout can be rolled back instead", "[engine][crash]") {
    for (const auto strategy : {StrategyKind::canary, StrategyKind::blue_green}) {
        for (int write = 2;; write += stride) {
            CAPTURE(to_text(strategy), write);
            Stage stage;
            give_literal(stage);
            stage.keep_ready(4);
            stage.faults.at_write(write, Fault::crash_after);
            if (!run_until_crash(stage, strategy)) {
                break;
            }
            const auto record = stage.newest();
            const auto result = stage.turn_back(RequestKind::rollback);
            REQUIRE(result.exit == ExitCode::done);
            if (record.state == RolloutState::promoted) {
                continue;  // the very last write: it had ended
            }
            if (result.rollout.state == RolloutState::aborted) {
                REQUIRE(stage.cluster.object(in_shop(Kind::deployment, "web-canary")).is_null());
                REQUIRE(stage.start(strategy, "v2").exit == ExitCode::done);
                continue;  // before anything was changed
            }
            REQUIRE(result.rollout.state == RolloutState::rolled_back);
            const auto end = stage.end_state();
            REQUIRE((end == restored_canary || end == "registry/shop/web:v1 x4, app=web"));
            REQUIRE(stage.fewest_ready() >= 3);
        }
    }
}

TEST_CASE(
    "with the journal lost, the cluster's record alone is enough to go back", "[engine][crash]"
) {
    for (int write = 12; write < 90; write += 3 * stride) {
        CAPTURE(write);
        Stage stage;
        give_literal(stage);
        stage.faults.at_write(write, Fault::crash_after);
        if (!run_until_crash(stage, StrategyKind::canary)) {
            break;
        }
        state::MemStore empty(stage.clock);
        const auto result = stage.roll_back_from_cluster(empty);
        REQUIRE(result.rollout.state == RolloutState::rolled_back);
        const auto end = stage.end_state();
        REQUIRE((end == restored_canary || end == "registry/shop/web:v1 x4, app=web"));
    }
}

TEST_CASE("with the journal lost, the way back ends as it does with it: I37", "[engine][crash]") {
    for (const auto strategy : {StrategyKind::canary, StrategyKind::blue_green}) {
        for (int write = 12; write < 90; write += 4 * stride) {
            CAPTURE(to_text(strategy), write);
            std::set<std::string> ends;
            for (const bool is_lost : {false, true}) {
                Stage stage;
                give_literal(stage);
                stage.faults.at_write(write, Fault::crash_after);
                REQUIRE(run_until_crash(stage, strategy));
                state::MemStore empty(stage.clock);
                const auto result = is_lost ? stage.roll_back_from_cluster(empty)
                                            : stage.turn_back(RequestKind::rollback);
                REQUIRE(result.rollout.state == RolloutState::rolled_back);
                ends.insert(stage.end_state() + specs_of(stage));
            }
            REQUIRE(ends.size() == 1);
        }
    }
}

TEST_CASE(
    "a lost reply, a conflict, a late or doubled write changes nothing of the end",
    "[engine][crash]"
) {
    for (const auto fault :
         {Fault::lost_before,
          Fault::lost_after,
          Fault::conflict,
          Fault::throttled,
          Fault::late,
          Fault::twice}) {
        for (int call = 3; call < 200; call += 4 * stride) {
            Stage stage;
            FaultPlan cluster_faults;
            FaultyCluster cluster(stage.cluster, cluster_faults, stage.clock);
            cluster_faults.at_write(call, fault);
            const auto ports = stage.ports_to(cluster, stage.store, stage.runners);
            engine::RunOptions options;
            options.initiator = "ada@laptop";
            CAPTURE(static_cast<int>(fault), call);
            const auto result =
                run(engine::start(ports, stage.draft(StrategyKind::canary, "v2").plan, options));
            if (!cluster_faults.has_struck()) {
                break;
            }
            REQUIRE(result.exit == ExitCode::done);
            REQUIRE(stage.end_state() == promoted_canary);
        }
    }
}

TEST_CASE(
    "a record that somebody deletes on the way is not taken for one that never stood", "[engine]"
) {
    Stage stage;
    give_literal(stage);
    stage.faults.at_write(40, Fault::crash_after);
    REQUIRE(run_until_crash(stage, StrategyKind::canary));
    const auto name = "deployctl-web-" + stage.newest().id.substr(28);
    stage.cluster.erase(in_shop(Kind::controller_revision, name));
    stage.cluster.forget_writes();
    for (const bool is_back : {false, true}) {
        const auto go_on = [&] { is_back ? stage.turn_back(RequestKind::abort) : stage.resume(); };
        CHECK_THROWS_WITH(go_on(), Catch::Contains("was deleted while it was under way"));
    }
    CHECK(stage.cluster.writes().empty());
    CHECK(stage.newest().state == RolloutState::running);
}

TEST_CASE("an answer of the journal that is lost, every n-th time, changes nothing", "[engine]") {
    Stage calm;
    CHECK(calm.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    const auto told = run(calm.store.events(calm.newest().id, 0)).size();
    bool has_struck = true;
    for (int n = 2; has_struck; ++n) {
        CAPTURE(n);
        Stage stage;
        FaultPlan losses;
        FaultyStore journal(stage.store, losses);
        for (int write = n; write < 400; write += n) {
            losses.at_write(write, Fault::lost_after);
        }
        const auto ports = stage.ports_to(stage.cluster, journal, stage.runners);
        engine::RunOptions options;
        options.initiator = "ada@laptop";
        const auto plan = stage.draft(StrategyKind::canary, "v2").plan;
        const auto result = run(engine::start(ports, plan, options));
        has_struck = losses.has_struck();
        REQUIRE(result.exit == ExitCode::done);
        REQUIRE(stage.end_state() == promoted_canary);
        REQUIRE(run(stage.store.events(stage.newest().id, 0)).size() == told);
    }
}

TEST_CASE("a journal that goes on failing ends the run as it did", "[engine]") {
    Stage stage;
    FaultPlan losses;
    FaultyStore journal(stage.store, losses);
    losses.in_calls(30, 400, Fault::lost_after);
    const auto ports = stage.ports_to(stage.cluster, journal, stage.runners);
    const auto plan = stage.draft(StrategyKind::canary, "v2").plan;
    const auto start = [&] { run(engine::start(ports, plan, {})); };
    CHECK_THROWS_WITH(start(), Catch::Contains("input/output error"));
    stage.replace_runner();
    CHECK(stage.resume().exit == ExitCode::done);
    CHECK(stage.end_state() == promoted_canary);
}
