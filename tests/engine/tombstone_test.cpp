// SPDX-License-Identifier: Apache-2.0
// What a finished rollout leaves, and who clears it away.
#include "engine/fence.hpp"
#include "engine/objects.hpp"
#include "engine/sweeping.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

namespace {

const auto canary = in_shop(Kind::deployment, "web-canary");
const auto preview = in_shop(Kind::deployment, "web-preview");

/// A blue-green rollout to v2 has ended; its candidate is web-preview.
struct AfterBlueGreen : Stage {
    AfterBlueGreen() {
        CHECK(start(StrategyKind::blue_green, "v2").exit == ExitCode::done);
        CHECK_FALSE(cluster.object(preview).is_null());
    }

    void pass(Duration time) {
        clock.give_up_after(std::chrono::days(3));
        clock.advance(time);
    }

    int removals() const {
        int count = 0;
        for (const auto& write : cluster.writes()) {
            count += write.verb == WriteRecord::Verb::remove ? 1 : 0;
        }
        return count;
    }
};

}  // namespace

TEST_CASE("the next rollout removes a tombstone of a day, and says so before", "[engine]") {
    AfterBlueGreen stage;
    stage.pass(std::chrono::hours(24));
    const auto warnings = stage.draft(StrategyKind::canary, "v3").warnings;
    CHECK(
        std::ranges::count(
            warnings, "Deployment/web-preview, which an older rollout has left, is removed"
        ) == 1
    );
    CHECK(stage.start(StrategyKind::canary, "v3").exit == ExitCode::done);
    CHECK(stage.cluster.object(preview).is_null());
    CHECK_FALSE(stage.cluster.object(canary).is_null());
    CHECK(stage.removals() == 1);
    CHECK(run(stage.store.open_attempts(stage.newest().id)).empty());
}

TEST_CASE(
    "a younger one stays, and so does what is not ours, has pods, or is used again", "[engine]"
) {
    AfterBlueGreen stage;
    SECTION("younger") {
        stage.pass(std::chrono::hours(23));
        CHECK(stage.start(StrategyKind::canary, "v3").exit == ExitCode::done);
    }
    SECTION("of another app") {
        stage.pass(std::chrono::hours(30));
        stage.cluster.edit(preview, [](Value& object) {
            object.set(annotation_pointer(mark::app), "other");
        });
        CHECK(stage.start(StrategyKind::canary, "v3").exit == ExitCode::done);
    }
    SECTION("somebody uses it") {
        stage.pass(std::chrono::hours(30));
        stage.cluster.edit(preview, [](Value& object) { object.set("/spec/replicas", 1); });
        stage.cluster.settle();
        CHECK(stage.start(StrategyKind::canary, "v3").exit == ExitCode::done);
    }
    SECTION("used again") {
        stage.pass(std::chrono::hours(30));
        CHECK(stage.start(StrategyKind::blue_green, "v3").exit == ExitCode::done);
    }
    CHECK_FALSE(stage.cluster.object(preview).is_null());
    CHECK(stage.removals() == 0);
}

// Its create had no answer, three times, and landed when the rollout had gone back.
TEST_CASE("a candidate that came to be too late is cleared away as well", "[engine]") {
    Stage stage;
    const auto late = stage.draft(StrategyKind::blue_green, "v2").plan;
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    auto candidate = engine::make_beside(late, Slot::candidate);
    for (const auto& [key, value] :
         engine::annotations_of({{"web", "00000001", 1, 9}, "0190-of-v2", 2, Direction::forward})) {
        candidate.set(annotation_pointer(key), value);
    }
    run(stage.cluster.create(preview, candidate));
    stage.clock.give_up_after(std::chrono::days(3));
    SECTION("once a day has passed since it was made") {
        stage.clock.advance(std::chrono::hours(30));
        CHECK(stage.start(StrategyKind::canary, "v3").exit == ExitCode::done);
        CHECK(stage.cluster.object(preview).is_null());
    }
    SECTION("not before") {
        stage.clock.advance(std::chrono::hours(20));
        CHECK(stage.start(StrategyKind::canary, "v3").exit == ExitCode::done);
        CHECK_FALSE(stage.cluster.object(preview).is_null());
    }
    SECTION("nor once somebody has made something of it") {
        stage.cluster.edit(preview, [](Value& object) { object.set("/spec/replicas", 1); });
        stage.cluster.settle();
        stage.cluster.edit(preview, [](Value& object) { object.set("/spec/replicas", 0); });
        stage.cluster.settle();
        stage.clock.advance(std::chrono::hours(30));
        CHECK(stage.start(StrategyKind::canary, "v3").exit == ExitCode::done);
        CHECK_FALSE(stage.cluster.object(preview).is_null());
    }
}

// As by `rollout recover`, after the days in which it stood.
TEST_CASE("whoever brings a rollout to its end that stood for days clears away", "[engine]") {
    for (const bool goes_back : {false, true}) {
        CAPTURE(goes_back);
        AfterBlueGreen stage;
        stage.interrupts.send_at(stage.clock.elapsed() + seconds(14), Interrupt::hold);
        CHECK(stage.start(StrategyKind::canary, "v3").exit == ExitCode::stopped_watching);
        stage.pass(std::chrono::hours(30));
        CHECK_FALSE(stage.cluster.object(preview).is_null());
        const auto ended = goes_back ? stage.turn_back(RequestKind::rollback) : stage.resume();
        CHECK(ended.exit == ExitCode::done);
        CHECK(stage.cluster.object(preview).is_null());
        CHECK(run(stage.store.open_attempts(stage.newest().id)).empty());
    }
}

TEST_CASE("where there is no rollout to do so, a sweep clears away, and notes it", "[engine]") {
    AfterBlueGreen stage;
    const auto target = stage.newest().target;
    const engine::SweptPlaces places{stage.cluster, stage.store, stage.clock};
    const auto sweep = [&](const Target& place) {
        return run(engine::remove_leftovers(places, run(engine::find_leftovers(places, place))));
    };
    stage.pass(std::chrono::hours(23));
    CHECK(sweep(target).empty());
    stage.pass(std::chrono::hours(7));
    SECTION("of the app, or of any") {
        auto place = target;
        place.app = GENERATE("web", "");
        CHECK(sweep(place) == std::vector{preview});
        CHECK(stage.cluster.object(preview).is_null());
        const auto events = run(stage.store.events(stage.newest().id, 0));
        CHECK(
            events.back().data.text("/text") ==
            "recover removes Deployment/web-preview, which an older rollout has left"
        );
        CHECK(sweep(place).empty());
    }
    SECTION("not of another app") {
        auto place = target;
        place.app = "api";
        CHECK(sweep(place).empty());
        CHECK_FALSE(stage.cluster.object(preview).is_null());
    }
    SECTION("not while a rollout of the app stands here, or elsewhere") {
        const bool is_here = GENERATE(true, false);
        if (is_here) {
            stage.interrupts.send_at(stage.clock.elapsed() + seconds(14), Interrupt::hold);
            stage.start(StrategyKind::canary, "v3");
        } else {
            stage.cluster.edit(in_shop(Kind::lease, "deployctl-web"), [](Value& lease) {
                lease.set(annotation_pointer(mark::rollout), "0190-elsewhere");
                lease.set("/metadata/annotations/deployctl.dev~1state", "paused");
            });
        }
        const int before = stage.removals();
        CHECK(sweep(target).empty());
        CHECK(stage.removals() == before);
    }
    SECTION("not without the permission") {
        stage.cluster.forbid("delete", "deployments");
        CHECK(sweep(target).empty());
        const auto events = run(stage.store.events(stage.newest().id, 0));
        CHECK_THAT(
            events.back().data.text("/text"),
            Catch::StartsWith("Deployment/web-preview was not removed: ")
        );
    }
}

TEST_CASE("without the permission a tombstone stays, and the rollout goes on", "[engine]") {
    AfterBlueGreen stage;
    stage.pass(std::chrono::hours(30));
    stage.cluster.forbid("delete", "deployments");
    CHECK(stage.start(StrategyKind::canary, "v3").exit == ExitCode::done);
    CHECK_FALSE(stage.cluster.object(preview).is_null());
}

TEST_CASE("a tombstone whose selector does not fit any more makes room at once", "[engine]") {
    AfterBlueGreen stage;
    stage.cluster.edit(preview, [](Value& object) {
        object.set("/spec/selector/matchLabels/since", "2019");
        object.set("/spec/template/metadata/labels/since", "2019");
    });
    const auto before = stage.cluster.object(preview).text("/metadata/uid");
    CHECK(stage.start(StrategyKind::blue_green, "v3").exit == ExitCode::done);
    CHECK(stage.cluster.object(preview).text("/metadata/uid") != before);
    CHECK_FALSE(stage.cluster.object(preview).has("/spec/selector/matchLabels/since"));
}

TEST_CASE("killed around the removal, the next runner settles it by reading", "[engine][crash]") {
    for (const auto fault : {Fault::crash_before, Fault::crash_after}) {
        for (int write = 1; write < 16; ++write) {
            CAPTURE(write, fault == Fault::crash_before);
            AfterBlueGreen stage;
            stage.pass(std::chrono::hours(30));
            stage.faults.at_write(stage.faults.writes() + write, fault);
            CHECK_THROWS_AS(stage.start(StrategyKind::canary, "v3"), SimulatedCrash);
            stage.replace_runner();
            if (stage.newest().next_version != "v3") {
                continue;  // nothing was begun
            }
            CHECK(stage.resume().exit == ExitCode::done);
            CHECK(stage.cluster.object(preview).is_null());
            CHECK(run(stage.store.open_attempts(stage.newest().id)).empty());
        }
    }
}
