// SPDX-License-Identifier: Apache-2.0
// Two engines on one cluster: whoever takes over claims first, and from then on nothing of the
// older one lands, however late it wakes. And who does not want that is told who holds the lock.
#include "engine/effects.hpp"
#include "engine/objects.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/elsewhere.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

const auto lease_ref = in_shop(Kind::lease, "deployctl-web");

std::int64_t epoch_in(const WriteRecord& write) {
    for (const auto& change : write.patch) {
        if (change.verb == PatchVerb::add &&
            change.path == annotation_pointer("deployctl.dev/fence")) {
            return engine::read_fence(change.value.text(""))->epoch;
        }
        if (change.verb == PatchVerb::add && change.path == "/metadata/annotations") {
            const auto fence = engine::read_fence(change.value.text("/deployctl.dev~1fence"));
            return fence ? fence->epoch : 0;
        }
    }
    return 0;
}

/// Writes that were taken, though a newer epoch had been on the cluster before.
int stale_writes(const SimCluster& cluster) {
    std::int64_t newest = 0;
    int stale = 0;
    for (const auto& write : cluster.writes()) {
        const auto epoch = epoch_in(write);
        if (write.answer != WriteAnswer::done || epoch == 0) {
            continue;
        }
        stale += epoch < newest ? 1 : 0;
        newest = std::max(newest, epoch);
    }
    return stale;
}

/// A holder that lives on another host: its Lease is renewed until it is told to stop.
void keep_alive(Stage& stage, int for_seconds) {
    const auto begun = stage.clock.elapsed();
    for (int at = 1; at <= for_seconds; at += 5) {
        stage.clock.call_at(begun + seconds(at), [&stage, at] {
            if (!stage.cluster.object(lease_ref).is_null()) {
                stage.cluster.edit(lease_ref, [&](Value& lease) {
                    if (lease.text("/spec/holderIdentity") == "ada@laptop") {
                        lease.set("/spec/renewTime", to_rfc3339(stage.clock.now()));
                    }
                });
            }
        });
    }
}

void be_lost(Stage& stage, int write, StrategyKind strategy = StrategyKind::canary) {
    stage.faults.at_write(write, Fault::crash_after);
    CHECK_THROWS_AS(stage.start(strategy, "v2"), SimulatedCrash);
}

}  // namespace

TEST_CASE(
    "a frozen runner that wakes after a takeover writes nothing any more", "[engine][crash]"
) {
    int woken = 0;
    for (int write = 8; write < 100; write += 2) {
        CAPTURE(write);
        Stage stage;
        Elsewhere other(stage);
        other.lock = engine::LockPolicy::take_over;
        ExitCode other_exit{};
        // Just before this write the older runner is frozen; the other one does it all meanwhile.
        stage.faults.before_write(write, [&] {
            if (stage.cluster.object(lease_ref).text(annotation_pointer("deployctl.dev/rollout")) ==
                "") {
                return;
            }
            try {
                other.adopt();
            } catch (const Error&) {
                return;  // there is no record yet, or it has ended
            }
            other_exit = other.resume().exit;
            ++woken;
        });
        const int before = woken;
        const auto result = stage.start(StrategyKind::canary, "v2");
        if (woken == before) {
            CHECK(result.exit == ExitCode::done);
            continue;
        }
        CHECK(other_exit == ExitCode::done);
        CHECK(result.exit == ExitCode::locked);
        REQUIRE(result.cause);
        CHECK(result.cause->kind == engine::lost_control_cause);
        CHECK(stale_writes(stage.cluster) == 0);
        CHECK(stage.end_state() == "registry/shop/web:v2 x4, candidate x0, app=web");
    }
    CHECK(woken > 10);
}

TEST_CASE("what nobody has written yet is claimed as well", "[engine]") {
    Stage stage;
    be_lost(stage, 12);  // its record stands, and not much more
    const auto service = in_shop(Kind::service, "web");
    Elsewhere other(stage);
    other.runners.say("ada@laptop", Liveness::dead);
    other.adopt();
    stage.interrupts.send(Interrupt::hold);
    CHECK(other.resume().exit == ExitCode::stopped_watching);
    CHECK(engine::epoch_of(stage.cluster.object(service)) == 2);
    CHECK(engine::epoch_of(stage.cluster.object(in_shop(Kind::deployment, "web"))) == 2);
}

TEST_CASE("what an older runner makes while all is claimed is claimed as well", "[engine]") {
    int late = 0;
    for (int write = 1; write < 30; ++write) {
        CAPTURE(write);
        Stage stage;
        const auto plan = stage.draft(StrategyKind::canary, "v2").plan;
        be_lost(stage, 10);  // its record stands, and nothing else
        const auto ref = engine::workload_ref(plan, Slot::candidate);
        Elsewhere other(stage);
        other.runners.say("ada@laptop", Liveness::dead);
        other.adopt();
        bool is_late = false;
        // A request that was on its way for all that time.
        other.faults.before_write(write, [&] {
            auto made = engine::make_beside(plan, Slot::candidate);
            const engine::Signature older{{"web", "11111111", 1, 90}, stage.newest().id, 1, {}};
            for (const auto& [key, value] : engine::annotations_of(older)) {
                made.set(annotation_pointer(key), value);
            }
            is_late = run(stage.cluster.create(ref, made)).answer == WriteAnswer::done;
        });
        stage.interrupts.send(Interrupt::hold);
        CHECK(other.resume().exit == ExitCode::stopped_watching);
        const auto& writes = stage.cluster.writes();
        const auto first = std::ranges::find_if(writes, [&](const WriteRecord& one) {
            return one.ref == ref && !one.patch.empty();
        });
        if (is_late && first != writes.end()) {
            ++late;
            CHECK(epoch_in(*first) == 2);
            CHECK(std::ranges::none_of(first->patch, [](const PatchOperation& change) {
                return change.path.starts_with("/spec");
            }));
        }
    }
    CHECK(late > 3);
}

// Both counted from the same fences: the one Lease was deleted before the other one was made.
TEST_CASE("of two Leases with the same epoch neither is taken for the other", "[engine][crash]") {
    Stage stage;
    be_lost(stage, 40);
    Elsewhere first(stage);
    Elsewhere second(stage);
    for (auto* other : {&first, &second}) {
        other->runners.say("ada@laptop", Liveness::dead);
        other->adopt();
    }
    stage.cluster.erase(lease_ref);
    const auto web = in_shop(Kind::deployment, "web");
    second.faults.before_write(second.faults.writes() + 1, [&] {
        first.faults.at_write(first.faults.writes() + 6, Fault::crash_after);
        CHECK_THROWS_AS(first.resume(), SimulatedCrash);
        CHECK(engine::epoch_of(stage.cluster.object(web)) == 2);
        stage.cluster.erase(lease_ref);
        stage.cluster.forget_writes();
    });
    const auto lost = second.resume();
    CHECK(lost.exit == ExitCode::locked);
    REQUIRE(lost.cause);
    CHECK(lost.cause->kind == engine::lost_control_cause);
    CHECK(stage.cluster.writes().size() == 1);  // its Lease
    CHECK(second.resume().exit == ExitCode::done);
    CHECK(engine::epoch_of(stage.cluster.object(web)) == 3);
    CHECK(stage.end_state() == "registry/shop/web:v2 x4, candidate x0, app=web");
}

TEST_CASE("a commit that was answered late is no leave to go on in another's name", "[engine]") {
    int ended = 0;
    for (int write = 6; write < 60; write += 2) {
        CAPTURE(write);
        Stage stage;
        Elsewhere other(stage);
        other.lock = engine::LockPolicy::take_over;
        bool has_ended = false;
        // Committed, and before it is asked for once more somebody else ends it, by this journal.
        stage.faults.at_write(write, Fault::lost_after);
        stage.faults.before_write(write + 1, [&] {
            const auto ports = stage.ports_to(stage.cluster, stage.store, other.runners);
            const auto back = RequestKind::rollback;
            run(engine::turn_back(ports, stage.newest(), back, other.options()));
            has_ended = is_terminal(stage.newest().state);
        });
        CHECK_NOTHROW(stage.start(StrategyKind::canary, "v2"));
        if (has_ended) {
            ++ended;
            CHECK(run(stage.store.events(stage.newest().id, 0)).back().type == "rollout.finished");
        }
    }
    CHECK(ended > 10);
}

TEST_CASE("a takeover does not wait, and what lives is named without one", "[engine]") {
    Stage stage;
    be_lost(stage, 40);
    Elsewhere other(stage);  // another host: nobody knows whether it lives
    keep_alive(stage, 300);
    const auto begun = stage.clock.elapsed();
    other.lock = engine::LockPolicy::if_silent;
    CHECK_THROWS_WITH(
        other.adopt(),
        Catch::Contains("the lock of web is held by ada@laptop on laptop, pid 100, heartbeat ") &&
            Catch::Contains("runs out in ")
    );
    CHECK(stage.clock.elapsed() - begun <= seconds(7));
    other.lock = engine::LockPolicy::take_over;
    const auto before = stage.clock.elapsed();
    other.adopt();
    CHECK(stage.clock.elapsed() - before <= seconds(1));
    CHECK(engine::read_lease(stage.cluster.object(lease_ref)).epoch == 2);
    CHECK(other.resume().exit == ExitCode::done);
}

TEST_CASE("a resume that meets a living runner names it, and says nothing else", "[engine]") {
    Stage stage;
    be_lost(stage, 40);
    keep_alive(stage, 300);
    Elsewhere other(stage);
    other.lock = engine::LockPolicy::if_silent;
    const auto record = stage.newest();
    // The same journal on another host, as on a shared disk.
    const auto ports = stage.ports_to(stage.cluster, stage.store, other.runners);
    stage.cluster.forget_writes();
    const auto refused = run(engine::resume(ports, record, other.options()));
    CHECK(refused.exit == ExitCode::locked);
    REQUIRE(refused.cause);
    CHECK(refused.cause->kind == engine::held_cause);
    CHECK_THAT(refused.cause->headline, Catch::Contains("pid 100, heartbeat "));
    CHECK(stage.cluster.writes().empty());
    CHECK(stage.newest().state == RolloutState::running);
}

TEST_CASE("a dead holder of another host is taken over within 35 seconds", "[engine]") {
    Stage stage;
    be_lost(stage, 40);
    Elsewhere other(stage);
    other.lock = engine::LockPolicy::if_silent;
    const auto begun = stage.clock.elapsed();
    engine::Lease lease(stage.cluster, stage.clock, other.runners, other.target());
    engine::LeaseClaim claim{stage.newest().id, engine::LockPolicy::if_silent};
    claim.is_new = false;
    CHECK(run(lease.acquire(claim)).kind == engine::LeaseAnswer::Kind::taken);
    CHECK(stage.clock.elapsed() - begun <= seconds(35));
}

TEST_CASE("while a silent holder is waited for it is said who that is", "[engine]") {
    Stage stage;
    be_lost(stage, 40);
    Elsewhere other(stage);
    other.lock = engine::LockPolicy::if_silent;
    SECTION("by a rollback from the cluster") {
        CHECK(other.roll_back_from_cluster().exit == ExitCode::done);
    }
    SECTION("by an adoption") {
        other.adopt();
    }
    CHECK(stage.sink.count("lock.waiting") == 1);
    const auto told = stage.sink.last("lock.waiting");
    CHECK(told.seq == 0);
    CHECK(told.data.text("/holder") == "ada@laptop");
    CHECK(told.data.text("/host") == "laptop");
    CHECK(told.data.number("/silence_seconds") == 30);
    CHECK_THAT(told.data.text("/held_by"), Catch::Contains("heartbeat"));
}

TEST_CASE(
    "the Lease says where the rollout stands, and turns before the first restoring write",
    "[engine]"
) {
    Stage stage;
    stage.cluster.behave("v2", failing_requests(0.5));
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::rolled_back);
    std::string said = "forward";
    int restoring = 0;
    for (const auto& write : stage.cluster.writes()) {
        for (const auto& change : write.patch) {
            if (change.path == "/metadata/annotations" && write.ref == lease_ref) {
                said = change.value.text("/deployctl.dev~1direction");
            }
            if (change.path == annotation_pointer("deployctl.dev/direction") &&
                change.value.text("") == "back") {
                ++restoring;
                CHECK(said == "back");
            }
        }
    }
    CHECK(restoring > 2);
    const auto lease = engine::read_lease(stage.cluster.object(lease_ref));
    CHECK(lease.direction == Direction::back);
    CHECK(lease.step > 2);
}

TEST_CASE("what is still to be made is made by a takeover, and does nothing yet", "[engine]") {
    Stage stage;
    be_lost(stage, 12, StrategyKind::blue_green);
    const auto preview = in_shop(Kind::service, "web-preview");
    REQUIRE(stage.cluster.object(preview).is_null());
    Elsewhere other(stage);
    other.runners.say("ada@laptop", Liveness::dead);
    other.adopt();
    stage.interrupts.send(Interrupt::hold);
    CHECK(other.resume().exit == ExitCode::stopped_watching);
    CHECK(engine::epoch_of(stage.cluster.object(preview)) == 2);
    const auto world = stage.cluster.world();
    CHECK(endpoints_of(world, "web-preview").empty());
    CHECK(endpoints_of(world, "web").size() == 4);
}

TEST_CASE("what older runners can still write is nothing to go on from", "[engine]") {
    for (const auto* resource : {"services", "deployments"}) {
        CAPTURE(resource);
        Stage stage;
        stage.faults.at_write(40, Fault::crash_after);
        CHECK_THROWS_AS(stage.start(StrategyKind::canary, "v2"), SimulatedCrash);
        stage.replace_runner();
        stage.cluster.forbid("patch", resource);
        CHECK_THROWS_WITH(stage.resume(), Catch::StartsWith("could not keep older runners from "));
    }
}
