// SPDX-License-Identifier: Apache-2.0
// The journal is lost, or on another machine: it is made again from the cluster, and the rollout
// goes on from there as if nothing had been.
#include "engine/cluster_record.hpp"
#include "engine/steps_done.hpp"
#include "tests/engine/elsewhere.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

#ifdef NDEBUG
const int stride = 1;
#else
const int stride = 13;
#endif

const auto lease_ref = in_shop(Kind::lease, "deployctl-web");

std::string promoted(StrategyKind strategy) {
    return strategy == StrategyKind::rolling ? "registry/shop/web:v2 x4, app=web"
                                             : "registry/shop/web:v2 x4, candidate x0, app=web";
}

const std::string restored = "registry/shop/web:v1 x4, candidate x0, app=web";

/// Killed at this write; false where it came to its end before.
bool is_killed_at(Stage& stage, StrategyKind strategy, int write) {
    stage.faults.at_write(write, Fault::crash_after);
    try {
        stage.start(strategy, "v2");
        return false;
    } catch (const SimulatedCrash&) {
        return true;
    }
}

bool has_record(Stage& stage) {
    const auto ref = engine::record_ref({"web", "", "shop", ""}, stage.newest().id);
    return !stage.cluster.object(ref).is_null();
}

/// Held in the middle of a canary, its Lease given back.
void hold(Stage& stage, int after = 14) {
    stage.interrupts.send_at(stage.clock.elapsed() + seconds(after), Interrupt::hold);
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::stopped_watching);
}

ExitCode exit_of(const std::function<void()>& what) {
    try {
        what();
    } catch (const Error& error) {
        UNSCOPED_INFO(error.what());
        return error.exit();
    }
    return ExitCode::done;
}

}  // namespace

TEST_CASE(
    "killed at any write and adopted with an empty journal, it ends as an undisturbed one",
    "[engine][crash]"
) {
    for (const auto strategy :
         {StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling}) {
        int adopted = 0;
        for (int write = 2;; write += stride) {
            CAPTURE(to_text(strategy), write);
            Stage stage;
            stage.keep_ready(4);
            if (!is_killed_at(stage, strategy, write)) {
                break;
            }
            Elsewhere other(stage);
            other.runners.say("ada@laptop", Liveness::dead);
            const auto lease = engine::read_lease(stage.cluster.object(lease_ref));
            if (!has_record(stage) || !engine::names_unfinished(lease)) {
                CHECK(exit_of([&] { other.adopt(); }) != ExitCode::done);
                continue;  // it has changed nothing yet, or has ended
            }
            ++adopted;
            REQUIRE(other.adopt().kind == engine::Adoption::Kind::imported);
            REQUIRE(other.newest().id == stage.newest().id);
            REQUIRE(other.resume().exit == ExitCode::done);
            REQUIRE(other.newest().state == RolloutState::promoted);
            REQUIRE(stage.end_state() == promoted(strategy));
            REQUIRE(stage.fewest_ready() >= 3);
        }
        CHECK(adopted > 12 / stride);
    }
}

TEST_CASE("killed at any write and adopted, it can be sent back instead", "[engine][crash]") {
    for (int write = 12; write < 90; write += 2 * stride) {
        CAPTURE(write);
        Stage stage;
        stage.keep_ready(4);
        if (!is_killed_at(stage, StrategyKind::canary, write)) {
            break;
        }
        Elsewhere other(stage);
        other.runners.say("ada@laptop", Liveness::dead);
        other.adopt();
        const auto kind = write % 4 == 0 ? RequestKind::abort : RequestKind::rollback;
        REQUIRE(other.turn_back(kind).exit == ExitCode::done);
        REQUIRE(other.newest().state == RolloutState::rolled_back);
        const auto end = stage.end_state();
        REQUIRE((end == restored || end == "registry/shop/web:v1 x4, app=web"));
        REQUIRE(stage.fewest_ready() >= 3);
    }
}

TEST_CASE("an adoption that is itself cut short can be done again, or just resumed", "[engine]") {
    for (const bool is_adopted_again : {true, false}) {
        for (int write = 1; write < 3; ++write) {
            for (const auto fault : {Fault::crash_before, Fault::crash_after}) {
                CAPTURE(is_adopted_again, write, static_cast<int>(fault));
                Stage stage;
                hold(stage, 30);
                Elsewhere other(stage);
                other.faults.at_write(write, fault);
                REQUIRE_THROWS_AS(other.adopt(), SimulatedCrash);
                if (is_adopted_again || run(other.store.list({})).empty()) {
                    other.adopt();
                }
                REQUIRE(other.resume().exit == ExitCode::done);
                REQUIRE(stage.end_state() == promoted(StrategyKind::canary));
            }
        }
    }
}

TEST_CASE("an adopted journal says what it knows, and that it was imported", "[engine]") {
    Stage stage;
    hold(stage, 30);
    Elsewhere other(stage);
    stage.cluster.forget_writes();
    const auto adopted = other.adopt();
    CHECK(stage.cluster.writes().empty());
    const auto ours = stage.newest();
    const auto& theirs = adopted.rollout;
    CHECK(theirs.state == RolloutState::paused);
    CHECK(theirs.plan_hash == ours.plan_hash);
    CHECK(ours.initiator != other.options().initiator);
    CHECK(theirs.initiator == ours.initiator);  // who may not approve it
    CHECK(theirs.next_version == "v2");
    CHECK(theirs.previous_version == "v1");
    CHECK(theirs.epoch == ours.epoch - 1);  // what its runner does still is not known
    CHECK(theirs.step > 2);
    CHECK(theirs.step <= ours.step);
    const auto events = run(other.store.events(theirs.id, 0));
    REQUIRE(events.size() > 2);
    CHECK(events[0].type == "rollout.started");
    CHECK(events[1].data.text("/reason") == "imported from the cluster's record");
    CHECK(events[2].type == "step.skipped");
    CHECK(engine::was_imported(events));
    CHECK_FALSE(engine::was_imported(run(stage.store.events(ours.id, 0))));
}

TEST_CASE("what this journal has already is not adopted again", "[engine]") {
    Stage stage;
    hold(stage);
    Elsewhere other(stage);
    const auto version = other.adopt().rollout.version;
    const auto again = other.adopt();
    CHECK(again.kind == engine::Adoption::Kind::known);
    CHECK(again.rollout.version == version);
    CHECK(run(other.store.list({})).size() == 1);
}

TEST_CASE("what cannot be adopted is told, each by its own exit code", "[engine]") {
    Stage stage;
    Elsewhere other(stage);
    SECTION("no Lease at all") {
        CHECK(exit_of([&] { other.adopt(); }) == ExitCode::usage);
    }
    SECTION("it has ended") {
        CHECK(stage.start(StrategyKind::rolling, "v2").exit == ExitCode::done);
        CHECK_THROWS_WITH(other.adopt(), Catch::Contains("has ended (promoted)"));
        CHECK(exit_of([&] { other.adopt(); }) == ExitCode::blocked);
    }
    SECTION("lost before its record stood") {
        REQUIRE(is_killed_at(stage, StrategyKind::canary, 5));
        other.runners.say("ada@laptop", Liveness::dead);
        CHECK_THROWS_WITH(
            other.adopt(), Catch::Contains("(running) of ada@laptop on laptop was lost before")
        );
        const auto lease = stage.cluster.object(in_shop(Kind::lease, "deployctl-web"));
        CHECK(lease.text("/spec/holderIdentity").empty());
        CHECK(lease.text(annotation_pointer("deployctl.dev/state")) == "aborted");
        CHECK_THROWS_WITH(other.adopt(), Catch::Contains("has ended (aborted)"));
        CHECK(exit_of([&] { other.adopt(); }) == ExitCode::blocked);
        CHECK(other.start("v3").exit == ExitCode::done);
    }
    SECTION("its record was deleted after it had written") {
        hold(stage);
        stage.cluster.erase(engine::record_ref({"web", "", "shop", ""}, stage.newest().id));
        const auto before = stage.cluster.object(in_shop(Kind::lease, "deployctl-web"));
        CHECK_THROWS_WITH(other.adopt(), Catch::Contains(" was written by it"));
        CHECK(exit_of([&] { other.adopt(); }) == ExitCode::blocked);
        CHECK(stage.cluster.object(in_shop(Kind::lease, "deployctl-web")) == before);
    }
    SECTION("a damaged record") {
        hold(stage);
        const auto ref = engine::record_ref({"web", "", "shop", ""}, stage.newest().id);
        auto record = stage.cluster.object(ref);
        record.set("/data/plan_hash", "0123");
        stage.cluster.erase(ref);
        stage.cluster.add(record);
        CHECK(exit_of([&] { other.adopt(); }) == ExitCode::state_unreadable);
    }
    SECTION("a record that was copied from another cluster") {
        hold(stage);
        auto target = other.target();
        target.cluster_uid = "0000";
        const auto adopt = [&] { run(engine::adopt(other.ports(), target, other.options())); };
        CHECK_THROWS_WITH(adopt(), Catch::Contains("is of another cluster"));
        CHECK(exit_of(adopt) == ExitCode::usage);
    }
    SECTION("another one is active in this journal") {
        hold(stage);
        NewRollout made;
        made.record.id = "0192-another-one";
        made.record.target = other.target();
        CHECK(run(other.store.begin(made)).kind == BeginAnswer::Kind::begun);
        other.lock = engine::LockPolicy::take_over;
        const auto before = stage.cluster.object(in_shop(Kind::lease, "deployctl-web"));
        CHECK_THROWS_WITH(other.adopt(), Catch::Contains("is active in this journal"));
        CHECK(exit_of([&] { other.adopt(); }) == ExitCode::locked);
        CHECK(stage.cluster.object(in_shop(Kind::lease, "deployctl-web")) == before);
    }
    CHECK(run(other.store.list({})).size() <= 1);
}

TEST_CASE(
    "a record that goes after the adoption is not taken for one that never stood", "[engine]"
) {
    Stage stage;
    hold(stage, 30);
    Elsewhere other(stage);
    other.adopt();
    stage.cluster.edit(in_shop(Kind::deployment, "web"), [](Value& web) {
        web.set("/spec/template/metadata/labels/changed", "since");
    });
    stage.cluster.erase(engine::record_ref({"web", "", "shop", ""}, stage.newest().id));
    const auto back = other.turn_back(RequestKind::abort);
    CHECK(back.rollout.state != RolloutState::aborted);
}

TEST_CASE("who frees a Lease outlasts the trust that a living runner has in it", "[engine]") {
    int freed = 0;
    for (int write = 1; write < 20; ++write) {
        CAPTURE(write);
        Stage stage;
        Elsewhere other(stage);
        other.lock = engine::LockPolicy::take_over;
        bool is_freed = false;
        stage.faults.before_write(write, [&] {
            const bool is_named = !stage.cluster.object(lease_ref).is_null();
            if (is_named && !has_record(stage)) {
                is_freed = exit_of([&] { other.adopt(); }) == ExitCode::blocked;
            }
        });
        exit_of([&] { stage.start(StrategyKind::canary, "v2"); });
        if (is_freed) {
            ++freed;
            CHECK(stage.end_state() == "registry/shop/web:v1 x4, app=web");
        }
    }
    CHECK(freed > 2);
}

TEST_CASE("a verdict that turned it back is not lost with the journal", "[engine]") {
    int before_first_restoring_write = 0;
    for (int write = 14; write < 130; ++write) {
        CAPTURE(write);
        Stage stage;
        stage.cluster.behave("v2", failing_requests(0.5));
        if (!is_killed_at(stage, StrategyKind::canary, write)) {
            break;
        }
        const auto lease = engine::read_lease(stage.cluster.object(lease_ref));
        if (lease.direction != Direction::back || is_terminal(stage.newest().state)) {
            continue;
        }
        const auto web = stage.cluster.object(in_shop(Kind::deployment, "web"));
        const auto said = web.text(annotation_pointer("deployctl.dev/direction"));
        before_first_restoring_write += said == "forward" ? 1 : 0;
        Elsewhere other(stage);
        other.runners.say("ada@laptop", Liveness::dead);
        CHECK(other.adopt().rollout.state == RolloutState::rolling_back);
        CHECK(other.resume().exit == ExitCode::rolled_back);
        CHECK(stage.end_state() == restored);
    }
    CHECK(before_first_restoring_write > 0);
}
