// SPDX-License-Identifier: Apache-2.0
// Public failure stories of other tools, played here: locks, late writes, two at once. The numbers
// are those of docs/failure-stories.md.
#include "engine/effects.hpp"
#include "tests/engine/elsewhere.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

const std::string promoted = "registry/shop/web:v2 x4, candidate x0, app=web";
const std::string restored = "registry/shop/web:v1 x4, candidate x0, app=web";

bool is_killed(Stage& stage, StrategyKind strategy) {
    try {
        stage.start(strategy, "v2");
        return false;
    } catch (const SimulatedCrash&) {
        return true;
    } catch (const Error&) {
        return false;  // it was the journal that failed
    }
}

bool is_killed_at(Stage& stage, StrategyKind strategy, int write) {
    stage.faults.at_write(write, Fault::crash_after);
    return is_killed(stage, strategy);
}

std::ptrdiff_t ends_of(Store& store, const RolloutId& id) {
    return std::ranges::count(run(store.events(id, 0)), "rollout.finished", &Event::type);
}

/// The journal is shared, the runner is another one, on another host.
struct Colleague {
    explicit Colleague(Stage& where) : stage(where) {}

    engine::RunResult resume(RolloutRecord record) {
        const auto ports = stage.ports_to(stage.cluster, stage.store, runners);
        engine::RunOptions options;
        options.initiator = "bob@desk";
        options.lock = engine::LockPolicy::take_over;
        return run(engine::resume(ports, record, options));
    }

    Stage& stage;
    ScriptedRunners runners{"bob@desk", 900};
};

}  // namespace

TEST_CASE("story 1: whatever ended the last run, the next one goes on by itself", "[engine]") {
    for (const auto signal : {Interrupt::hold, Interrupt::interrupt, Interrupt::terminate}) {
        CAPTURE(static_cast<int>(signal));
        Stage stage;
        stage.configuration.on_interrupt = OnInterrupt::hold;
        stage.interrupts.send_at(stage.clock.elapsed() + seconds(14), signal);
        CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::stopped_watching);
        CHECK(stage.resume().exit == ExitCode::done);
        CHECK(stage.start(StrategyKind::rolling, "v3").exit == ExitCode::done);
    }
    Stage stage;
    REQUIRE(is_killed_at(stage, StrategyKind::canary, 40));
    stage.replace_runner();
    CHECK(stage.resume().exit == ExitCode::done);
    CHECK(stage.start(StrategyKind::rolling, "v3").exit == ExitCode::done);
}

TEST_CASE(
    "story 2: a retry after a timeout leaves one end of each, and one that serves", "[engine]"
) {
    Stage stage;
    stage.cluster.behave("v2", never_ready());
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::rolled_back);
    const auto failed = stage.newest().id;
    CHECK(stage.resume().exit == ExitCode::rolled_back);  // nothing to do: it says how it ended
    CHECK(stage.turn_back(RequestKind::rollback).exit == ExitCode::rolled_back);
    CHECK(ends_of(stage.store, failed) == 1);
    stage.cluster.behave("v2", good());
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    CHECK(ends_of(stage.store, stage.newest().id) == 1);
    const auto all = run(stage.store.list({}));
    CHECK(std::ranges::count(all, RolloutState::promoted, &RolloutRecord::state) == 1);
}

TEST_CASE("story 16: killed with both colours up, the live one stays the live one", "[engine]") {
    for (int write = 20; write < 120; write += 5) {
        CAPTURE(write);
        Stage stage;
        stage.keep_ready(4);
        if (!is_killed_at(stage, StrategyKind::blue_green, write)) {
            break;
        }
        stage.replace_runner();
        CHECK(stage.resume().exit == ExitCode::done);
        CHECK(stage.start(StrategyKind::blue_green, "v3").exit == ExitCode::done);
        CHECK(stage.fewest_ready() >= 3);
        CHECK(stage.end_state() == "registry/shop/web:v3 x4, candidate x0, app=web");
    }
}

TEST_CASE(
    "story 17: a rollback during a rollout wins, and the Service is never empty", "[engine]"
) {
    int raced = 0;
    for (int write = 14; write < 90; write += 4) {
        CAPTURE(write);
        Stage stage;
        stage.keep_ready(4);
        Elsewhere other(stage);
        other.lock = engine::LockPolicy::take_over;
        stage.faults.before_write(write, [&] {
            other.adopt();
            CHECK(other.turn_back(RequestKind::rollback).exit == ExitCode::done);
            ++raced;
        });
        CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::locked);
        const auto end = stage.end_state();
        CHECK((end == restored || end == "registry/shop/web:v1 x4, app=web"));
        CHECK(stage.fewest_ready() >= 3);
    }
    CHECK(raced > 10);
}

TEST_CASE("story 19: a frozen worker's stale save does not undo the end", "[engine]") {
    int woken = 0;
    for (int write = 14; write < 90; ++write) {
        CAPTURE(write);
        Stage stage;
        Colleague colleague(stage);
        stage.faults.before_write(write, [&] {
            if (colleague.resume(stage.newest()).exit == ExitCode::done) {
                ++woken;
            }
        });
        const auto result = stage.start(StrategyKind::canary, "v2");
        CHECK(result.exit == ExitCode::locked);
        CHECK(stage.newest().state == RolloutState::promoted);
        CHECK(ends_of(stage.store, stage.newest().id) == 1);
        CHECK(stage.end_state() == promoted);
        const auto events = run(stage.store.events(stage.newest().id, 0));
        std::set<std::string> settled;
        for (const auto& event : events) {
            if (event.type == "effect.outcome") {
                CHECK(settled.insert(event.data.text("/attempt")).second);  // one outcome each
            }
        }
    }
    CHECK(woken > 20);
}

TEST_CASE("story 20: a holder that hangs for longer than its lease acts no more", "[engine]") {
    int hung = 0;
    for (int write = 14; write < 90; write += 4) {
        CAPTURE(write);
        Stage stage;
        Elsewhere other(stage);
        other.lock = engine::LockPolicy::if_silent;  // no takeover: the lease just runs out
        stage.faults.before_write(write, [&] {
            other.adopt();
            CHECK(other.resume().exit == ExitCode::done);
            stage.cluster.forget_writes();
            ++hung;
        });
        CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::locked);
        const auto& late = stage.cluster.writes();
        CHECK(std::ranges::none_of(late, [](const WriteRecord& one) {
            return one.answer == WriteAnswer::done;
        }));
        CHECK(stage.end_state() == promoted);
    }
    CHECK(hung > 10);
}

TEST_CASE("story 21: of two that resume in the same moment one does the work", "[engine]") {
    for (int write = 1; write < 4; ++write) {
        CAPTURE(write);
        Stage stage;
        REQUIRE(is_killed_at(stage, StrategyKind::canary, 40));
        stage.runners.say("ada@laptop", Liveness::dead);
        Colleague colleague(stage);
        FaultPlan race;
        FaultyCluster raced(stage.cluster, race, stage.clock);
        const auto record = stage.newest();
        race.before_write(write, [&] {
            CHECK(colleague.resume(record).exit == ExitCode::done);
            stage.cluster.forget_writes();
        });
        ScriptedRunners carol("carol@ci", 700);
        carol.say("ada@laptop", Liveness::dead);
        const auto ports = stage.ports_to(raced, stage.store, carol);
        engine::RunOptions options;
        options.initiator = "carol@ci";
        const auto second = run(engine::resume(ports, record, options));
        CHECK(second.exit == ExitCode::locked);
        for (const auto& one : stage.cluster.writes()) {
            CHECK(one.answer != WriteAnswer::done);
        }
        CHECK(stage.newest().state == RolloutState::promoted);
        CHECK(stage.end_state() == promoted);
    }
}

TEST_CASE("story 25: what a cancelled run had sent lands late, and changes nothing", "[engine]") {
    int late = 0;
    for (int write = 14; write < 90; ++write) {
        CAPTURE(write);
        Stage stage;
        stage.faults.at_write(write, Fault::late);
        stage.faults.at_write(write + 1, Fault::crash_before);
        if (!is_killed(stage, StrategyKind::canary)) {
            continue;
        }
        stage.replace_runner();
        const auto back = stage.turn_back(RequestKind::rollback);
        CHECK(back.exit == ExitCode::done);
        stage.clock.advance(std::chrono::minutes(2));
        late += back.rollout.state == RolloutState::rolled_back ? 1 : 0;
        const auto end = stage.end_state();
        CHECK((end == restored || end == "registry/shop/web:v1 x4, app=web"));
        CHECK(ends_of(stage.store, stage.newest().id) == 1);
    }
    CHECK(late > 10);
}
