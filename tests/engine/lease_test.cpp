// SPDX-License-Identifier: Apache-2.0
// The Lease on a bad day: no answer, too many requests, somebody who deletes it or takes it, and a
// holder of whom nobody knows whether it lives.
#include "engine/lease.hpp"

#include "engine/effects.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

namespace {

const auto lease_ref = in_shop(Kind::lease, "deployctl-web");

/// A runner with its Lease, its journal and nothing else; only writes to the cluster are counted.
struct Bench : Stage {
    Bench() : lease(faulty_cluster, clock, runners, place), look(faulty_cluster, clock) {
        NewRollout made;
        made.record.id = claim.rollout;
        made.record.target = place;
        journal.emplace(store, sink, run(store.begin(made)).rollout);
        effects.emplace(ports_to(faulty_cluster, store, runners), *journal, lease, look);
    }

    engine::EffectResult scale_to(int replicas) {
        const engine::Change change = [replicas](const Value& object) {
            return object.number("/spec/replicas") == replicas
                       ? JsonPatch{}
                       : JsonPatch{{PatchVerb::replace, "/spec/replicas", replicas}};
        };
        return run(effects->ensure(in_shop(Kind::deployment, "web"), change));
    }

    std::int64_t size() {
        return cluster.object(in_shop(Kind::deployment, "web")).number("/spec/replicas");
    }

    void refuse_writes(int first, int last, Fault fault) {
        for (int write = first; write <= last; ++write) {
            faults.at_write(write, fault);
        }
    }

    /// What became of the attempts, in the order in which it was written.
    std::vector<std::string> outcomes() {
        std::vector<std::string> states;
        for (const auto& event : run(store.events(claim.rollout, 0))) {
            if (event.type == "effect.outcome") {
                states.push_back(event.data.text("/state"));
            }
        }
        return states;
    }

    std::size_t open_attempts() { return run(store.open_attempts(claim.rollout)).size(); }

    const Target place{"web", "", "shop", "cluster"};
    engine::LeaseClaim claim{"0192-a-rollout", engine::LockPolicy::wait};
    engine::Lease lease;
    engine::Look look;
    std::optional<engine::Journal> journal;
    std::optional<engine::Effects> effects;
};

std::string headline_after(const std::function<void(Stage&)>& what) {
    Stage stage;
    stage.clock.call_at(stage.clock.elapsed() + seconds(12), [&] { what(stage); });
    const auto result = stage.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::locked);
    REQUIRE(result.cause);
    CHECK(result.cause->kind == engine::lost_control_cause);
    return result.cause->headline;
}

}  // namespace

TEST_CASE("an answer that is lost, or refused for now, does not lose the Lease", "[engine]") {
    for (const auto fault :
         {Fault::lost_before, Fault::lost_after, Fault::throttled, Fault::conflict, Fault::late}) {
        CAPTURE(static_cast<int>(fault));
        Bench bench;
        bench.refuse_writes(1, 2, fault);
        CHECK(run(bench.lease.acquire(bench.claim)).kind == engine::LeaseAnswer::Kind::taken);
        CHECK(bench.cluster.object(lease_ref).text("/spec/holderIdentity") == "ada@laptop");
        bench.clock.advance(seconds(60));
        CHECK_NOTHROW(run(bench.lease.keep()));
        CHECK(bench.lease.is_trusted());
    }
}

TEST_CASE("where the API server never takes the Lease, nobody is said to hold it", "[engine]") {
    Bench bench;
    bench.refuse_writes(1, 20, Fault::throttled);
    CHECK_THROWS_WITH(
        run(bench.lease.acquire(bench.claim)), Catch::Contains("does not take the write")
    );
}

TEST_CASE("a Lease that is gone, or was taken, is told with its name", "[engine]") {
    CHECK(headline_after([](Stage& stage) {
              stage.cluster.erase(lease_ref);
          }) == "Lease/deployctl-web was deleted while this rollout held it");
    const auto taken = headline_after([](Stage& stage) {
        stage.cluster.edit(lease_ref, [](Value& lease) {
            lease.set("/spec/holderIdentity", "eve@ci");
            lease.set("/spec/leaseTransitions", 7);
            lease.set(annotation_pointer("deployctl.dev/host"), "runner-3");
        });
    });
    CHECK_THAT(taken, Catch::StartsWith("Lease/deployctl-web was taken by rollout "));
    CHECK_THAT(taken, Catch::EndsWith(" (running) of eve@ci on runner-3"));
}

TEST_CASE(
    "once a rollout has ended, a Lease that cannot be given back changes nothing", "[engine]"
) {
    Stage clean;
    CHECK(clean.start(StrategyKind::rolling, "v2").exit == ExitCode::done);
    Stage stage;
    const int last = clean.faults.calls();
    stage.faults.in_calls(last - 1, last + 50, Fault::lost_before);
    const auto result = stage.start(StrategyKind::rolling, "v2");
    CHECK(stage.faults.has_struck());
    CHECK(result.exit == ExitCode::done);
    CHECK(result.rollout.state == RolloutState::promoted);
    CHECK(stage.cluster.object(lease_ref).text("/spec/holderIdentity") == "ada@laptop");
    stage.replace_runner();
    CHECK(stage.start(StrategyKind::rolling, "v3").exit == ExitCode::done);
}

TEST_CASE("the Lease tells all by which its holder can be proven dead", "[engine]") {
    Stage stage;
    stage.runners.live_in("pid:[4026531836]");
    REQUIRE(stage.start(StrategyKind::rolling, "v2").exit == ExitCode::done);
    auto told = engine::read_lease(stage.cluster.object(lease_ref));
    told.runner.identity = stage.runners.self().identity;  // it was let go
    CHECK(told.runner == stage.runners.self());
    CHECK(stage.newest().owner == stage.runners.self());
}

TEST_CASE("an epoch is newer than every fence, also where the Lease was deleted", "[engine]") {
    Stage stage;
    for (const auto* version : {"v2", "v3", "v4"}) {
        CHECK(stage.start(StrategyKind::rolling, version).exit == ExitCode::done);
    }
    const auto web = in_shop(Kind::deployment, "web");
    const auto before = engine::epoch_of(stage.cluster.object(web));
    CHECK(before == 3);
    stage.cluster.erase(lease_ref);
    CHECK(stage.start(StrategyKind::rolling, "v5").exit == ExitCode::done);
    CHECK(engine::epoch_of(stage.cluster.object(web)) == before + 1);
}

TEST_CASE("no effect starts on a Lease that can be trusted no more", "[engine]") {
    for (const int idle : {10, 25}) {
        CAPTURE(idle);
        Bench bench;
        run(bench.lease.acquire(bench.claim));
        bench.clock.advance(seconds(idle));
        bench.refuse_writes(2, 6, Fault::throttled);  // the renewal, again and again
        if (idle == 10) {
            CHECK(bench.scale_to(5).kind == engine::EffectResult::Kind::written);
            CHECK(bench.size() == 5);
        } else {
            CHECK_THROWS_AS(bench.scale_to(5), engine::LostControl);
            CHECK(bench.size() == 4);
        }
    }
}

TEST_CASE("a holder that renews is waited for, and gone once it does not", "[engine]") {
    Stage stage;
    CHECK(stage.start(StrategyKind::rolling, "v2").exit == ExitCode::done);
    const auto begun = stage.clock.elapsed();
    for (int at = 0; at <= 120; at += 5) {
        stage.clock.call_at(begun + seconds(at), [&stage, at] {
            stage.cluster.edit(lease_ref, [&](Value& lease) {
                lease.set("/spec/holderIdentity", "eve@ci");
                lease.set("/spec/renewTime", "renewal " + std::to_string(at));
            });
        });
    }
    stage.clock.advance(seconds(1));
    ScriptedRunners bob("bob@desk", 300);
    engine::Lease lease(stage.cluster, stage.clock, bob, {"web", "", "shop", ""});
    engine::LeaseClaim claim{"0192-another", engine::LockPolicy::wait};
    CHECK(run(lease.acquire(claim)).kind == engine::LeaseAnswer::Kind::taken);
    CHECK(stage.clock.elapsed() - begun >= seconds(150));
    CHECK(stage.clock.elapsed() - begun <= seconds(155));
}

TEST_CASE("who has waited for the Lease goes on from what was written meanwhile", "[engine]") {
    Stage stage;
    stage.faults.at_write(40, Fault::crash_after);
    RolloutRecord seen;  // as a second shell has read it, long before
    stage.clock.call_in(seconds(2), [&] { seen = stage.newest(); });
    CHECK_THROWS_AS(stage.start(StrategyKind::canary, "v2"), SimulatedCrash);
    stage.replace_runner();
    REQUIRE(seen.version > 0);
    REQUIRE(seen.version < stage.newest().version);
    engine::RunOptions options;
    options.initiator = "bob@laptop";
    options.lock = engine::LockPolicy::wait;
    const auto ports = stage.ports_to(stage.cluster, stage.store, stage.runners);
    CHECK(run(engine::resume(ports, seen, options)).exit == ExitCode::done);
}

TEST_CASE("what a lost runner had sent is settled by what stands on the object", "[engine]") {
    int applied = 0;
    int not_applied = 0;
    for (int write = 6; write < 60; ++write) {
        CAPTURE(write);
        Stage stage;
        stage.faults.at_write(write, Fault::crash_after);
        CHECK_THROWS_AS(stage.start(StrategyKind::canary, "v2"), SimulatedCrash);
        const auto id = stage.newest().id;
        const auto open = run(stage.store.open_attempts(id));
        if (open.size() != 1 || open.front().intent.verb != EffectVerb::patch) {
            continue;
        }
        const auto& intent = open.front().intent;
        const auto object = stage.cluster.object(intent.object);
        const bool is_there = engine::fence_text_of(object) == intent.fence_after;
        (is_there ? applied : not_applied) += 1;
        stage.replace_runner();
        CHECK(stage.resume().exit == ExitCode::done);
        const auto events = run(stage.store.events(id, 0));
        const auto settled = std::ranges::find_if(events, [&](const Event& event) {
            return event.type == "effect.outcome" && event.data.text("/attempt") == intent.attempt;
        });
        REQUIRE(settled != events.end());
        CHECK(settled->data.text("/state") == (is_there ? "applied" : "not_applied"));
    }
    CHECK(applied > 0);
    CHECK(not_applied > 0);
}

namespace {

/// A runner whose writes to the cluster are put off, and how often it asks again too soon.
struct PutOff : Stage {
    explicit PutOff(Duration patience) {
        refusals.patience = patience;
        way.listen([this](const WriteTold& told) {
            const auto found = not_before.find(told.ref);
            too_soon += found != not_before.end() && told.sent < found->second ? 1 : 0;
            not_before[told.ref] = clock.elapsed() + told.reply.retry_after.value_or(Duration{});
        });
    }

    engine::RunResult start() {
        engine::RunOptions options;
        options.initiator = "ada@laptop";
        const auto plan = draft(StrategyKind::canary, "v2").plan;
        return run(engine::start(ports_to(way, store, runners), plan, options));
    }

    FaultPlan refusals;
    FaultyCluster way{cluster, refusals, clock};
    std::map<ObjectRef, Duration> not_before;
    int too_soon = 0;
};

}  // namespace

TEST_CASE("what is put off is written when it was told to, and the Lease stays", "[engine]") {
    for (const auto patience : {seconds(1), seconds(10), seconds(25), seconds(60)}) {
        bool has_struck = true;
        for (int write = 1; has_struck; write += 2) {
            CAPTURE(to_text(Duration(patience)), write);
            PutOff stage(patience);
            stage.refusals.at_write(write, Fault::throttled);
            CHECK(stage.start().exit == ExitCode::done);
            CHECK(stage.too_soon == 0);
            CHECK(stage.end_state() == "registry/shop/web:v2 x4, candidate x0, app=web");
            has_struck = stage.refusals.has_struck();
        }
    }
}

TEST_CASE("an API server that puts off for ever is never pressed", "[engine]") {
    for (const auto patience : {seconds(10), seconds(60), seconds(300)}) {
        for (const int first : {1, 4, 12}) {
            CAPTURE(to_text(Duration(patience)), first);
            PutOff stage(patience);
            for (int write = first; write < first + 2000; ++write) {
                stage.refusals.at_write(write, Fault::throttled);
            }
            ExitCode exit{};
            try {
                exit = stage.start().exit;
            } catch (const Error& error) {
                exit = error.exit();
            }
            CHECK(exit != ExitCode::done);
            CHECK(stage.too_soon == 0);
        }
    }
}

TEST_CASE("what nobody answered is not said to have failed: it may land still", "[engine]") {
    Bench bench;
    REQUIRE(run(bench.lease.acquire(bench.claim)).kind == engine::LeaseAnswer::Kind::taken);
    const int next = bench.faults.writes() + 1;
    SECTION("and did") {
        // The copies are on their way while the object is read.
        bench.refuse_writes(next, next + 2, Fault::late);
        CHECK(bench.scale_to(5).kind == engine::EffectResult::Kind::stuck);
        CHECK(bench.open_attempts() == 1);
        bench.clock.advance(seconds(40));
        REQUIRE(bench.size() == 5);
        run(bench.lease.keep());
        CHECK(bench.scale_to(6).kind == engine::EffectResult::Kind::written);
        CHECK(bench.outcomes() == std::vector<std::string>{"unknown", "applied", "applied"});
    }
    SECTION("and did not") {
        bench.refuse_writes(next, next + 2, Fault::lost_before);
        CHECK(bench.scale_to(5).kind == engine::EffectResult::Kind::stuck);
        CHECK(bench.scale_to(6).kind == engine::EffectResult::Kind::written);
        CHECK(bench.outcomes() == std::vector<std::string>{"unknown", "applied", "not_applied"});
    }
    CHECK(bench.open_attempts() == 0);
}
