// SPDX-License-Identifier: Apache-2.0
// What happens when: the connection is lost, answers stay out, the namespace goes, the clock jumps,
// the machine sleeps. What a runner cannot know it does not act upon, and the next one goes on.
#include "engine/cluster_record.hpp"
#include "engine/drift.hpp"
#include "tests/engine/elsewhere.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

const std::string promoted = "registry/shop/web:v2 x4, candidate x0, app=web";
const auto lease_ref = in_shop(Kind::lease, "deployctl-web");

/// Only the way to the cluster is bad; the journal is at hand.
struct Remote : Stage {
    engine::RunResult begin(StrategyKind strategy = StrategyKind::canary) {
        engine::RunOptions options;
        options.on_pause = on_pause;
        options.initiator = "ada@laptop";
        const auto ports = ports_to(distant, store, runners);
        return run(engine::start(ports, draft(strategy, "v2").plan, options));
    }

    void abort_at_a_pause(std::optional<Duration>& when) {
        clock.call_in(seconds(1), [this, &when] {
            const auto known = run(store.list({}));
            if (!known.empty() && known.front().state == RolloutState::paused) {
                when = clock.elapsed();
                run(store.make_request(known.front().id, {0, RequestKind::abort, "eve@ci", ""}));
            } else if (known.empty() || !is_terminal(known.front().state)) {
                abort_at_a_pause(when);
            }
        });
    }

    /// No read is permitted for so long, writes are.
    void refuse_reads(Duration from, Duration how_long) {
        clock.call_in(from, [this] { network.from_now_on(Fault::unreadable); });
        clock.call_in(from + how_long, [this] { network.from_now_on(Fault::none); });
    }

    FaultPlan network;
    FaultyCluster distant{cluster, network, clock};
};

std::vector<WriteRecord> forward_writes_since(const Stage& stage, Duration when) {
    const auto pointer = annotation_pointer(mark::direction);
    std::vector<WriteRecord> found;
    for (const auto& write : stage.cluster.writes()) {
        const bool is_forward = std::ranges::any_of(write.patch, [&](const PatchOperation& one) {
            return one.path == pointer && one.value == Value(to_text(Direction::forward));
        });
        if (is_forward && write.at > when && write.ref.kind != Kind::lease) {
            found.push_back(write);
        }
    }
    return found;
}

Duration length_of_a_good_run() {
    Stage stage;
    const auto begun = stage.clock.elapsed();
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    return stage.clock.elapsed() - begun;
}

}  // namespace

TEST_CASE("a connection that is back before the trust window closes costs nothing", "[engine]") {
    for (int call = 60; call < 200; call += 20) {
        CAPTURE(call);
        Remote stage;
        stage.network.in_calls(call, call + 5, Fault::lost_before);
        CHECK(stage.begin().exit == ExitCode::done);
        CHECK(stage.network.has_struck());
        CHECK(stage.end_state() == promoted);
    }
}

TEST_CASE(
    "a lost connection stops the runner at the trust window, and all stays as it is", "[engine]"
) {
    for (int call = 60; call < 200; call += 20) {
        CAPTURE(call);
        Remote stage;
        stage.keep_ready(4);
        stage.network.in_calls(call, call + 100000, Fault::lost_before);
        auto exit = ExitCode::done;
        try {
            exit = stage.begin().exit;
        } catch (const Error& error) {
            exit = error.exit();
        }
        CHECK((exit == ExitCode::stopped_watching || exit == ExitCode::locked));
        const auto lease = engine::read_lease(stage.cluster.object(lease_ref));
        const auto since = stage.clock.now() - read_rfc3339(lease.renewed).value();
        CHECK(since <= engine::trust_window + seconds(10));
        CHECK(stage.newest().state == RolloutState::running);
        CHECK(stage.fewest_ready() >= 3);
        stage.replace_runner();
        CHECK(stage.resume().exit == ExitCode::done);
        CHECK(stage.end_state() == promoted);
    }
}

TEST_CASE("a permission that is given back within five seconds costs nothing", "[engine]") {
    for (int after = 1; after < 30; after += 2) {
        CAPTURE(after);
        Remote stage;
        stage.keep_ready(4);
        stage.refuse_reads(seconds(after), seconds(5));
        CHECK(stage.begin().exit == ExitCode::done);
        CHECK(stage.network.has_struck());
        CHECK(stage.fewest_ready() >= 3);
        CHECK(stage.end_state() == promoted);
    }
}

TEST_CASE(
    "a permission that is taken away for good ends the run like a lost connection", "[engine]"
) {
    for (int after = 1; after < 30; after += 4) {
        CAPTURE(after);
        Remote stage;
        const auto taken_away = stage.clock.elapsed() + seconds(after);
        stage.refuse_reads(seconds(after), std::chrono::hours(1));
        std::string told;
        try {
            stage.begin();
        } catch (const Error& error) {
            CHECK(error.exit() == ExitCode::stopped_watching);
            CHECK_THAT(error.help(), Catch::Contains("grant it again"));
            told = error.what();
        }
        CHECK_THAT(told, Catch::StartsWith("a permission was taken away under way: no permission"));
        CHECK(stage.clock.elapsed() - taken_away <= engine::trust_window + seconds(10));
        CHECK(stage.newest().state == RolloutState::running);
        stage.replace_runner();
        CHECK(stage.resume().exit == ExitCode::done);
        CHECK(stage.end_state() == promoted);
    }
}

TEST_CASE(
    "what may not be read is not waited for without end while the Lease is renewed", "[engine]"
) {
    for (int after = 2; after < 20; after += 2) {
        CAPTURE(after);
        Stage stage;
        const auto taken_away = stage.clock.elapsed() + seconds(after);
        stage.clock.call_at(taken_away, [&] { stage.cluster.forbid("get", "deployments"); });
        auto exit = ExitCode::done;
        try {
            exit = stage.start(StrategyKind::canary, "v2").exit;
        } catch (const Error& error) {
            exit = error.exit();
            CHECK_THAT(error.what(), Catch::Contains("no permission to read Deployment/web"));
        }
        CHECK(exit == ExitCode::stopped_watching);
        CHECK(stage.clock.elapsed() - taken_away < seconds(60));
        CHECK(stage.newest().state == RolloutState::running);
    }
}

TEST_CASE("a write that is not answered three times pauses, and takes nothing back", "[engine]") {
    int paused = 0;
    for (int write = 4; write < 30; ++write) {
        CAPTURE(write);
        Remote stage;
        for (int one = write; one < write + 3; ++one) {
            stage.network.at_write(one, Fault::lost_before);
        }
        const auto result = stage.begin();
        if (!stage.network.has_struck()) {
            break;
        }
        if (result.exit == ExitCode::paused) {
            ++paused;
            REQUIRE(result.cause);
            CHECK(result.cause->kind == "write_stuck");
            CHECK_THAT(result.cause->headline, Catch::Contains("3 times without an answer"));
            CHECK(stage.resume().exit == ExitCode::done);
        } else {
            CHECK(result.exit == ExitCode::done);  // the Lease, or a create: asked again
        }
        CHECK(stage.end_state() == promoted);
    }
    CHECK(paused > 3);
}

TEST_CASE(
    "a namespace that is deleted under it needs a person, and nothing is written", "[engine]"
) {
    int gone = 0;
    for (const int after : {5, 14, 25, 40}) {
        CAPTURE(after);
        Stage stage;
        std::size_t writes_before = 0;
        stage.clock.call_in(seconds(after), [&] {
            const auto record = engine::record_ref({"web", "", "shop", ""}, stage.newest().id);
            for (const auto& ref :
                 {lease_ref,
                  record,
                  in_shop(Kind::service, "web"),
                  in_shop(Kind::deployment, "web-canary"),
                  in_shop(Kind::deployment, "web")}) {
                if (!stage.cluster.object(ref).is_null()) {
                    stage.cluster.erase(ref);
                }
            }
            writes_before = stage.cluster.writes().size();
        });
        const auto result = stage.start(StrategyKind::canary, "v2");
        CHECK(result.exit == ExitCode::not_rolled_back);
        CHECK(result.rollout.state == RolloutState::needs_human);
        REQUIRE(result.cause);
        const auto& kind = result.cause->kind;  // what it noticed first
        CHECK((kind == engine::namespace_gone || kind == engine::workload_gone));
        gone += kind == engine::namespace_gone ? 1 : 0;
        CHECK(stage.cluster.writes().size() == writes_before);
    }
    CHECK(gone > 0);
}

TEST_CASE("a wall clock that jumps neither shortens a hold nor loses the Lease", "[engine]") {
    const auto undisturbed = length_of_a_good_run();
    for (const int hours : {-30, -2, 2, 30}) {
        CAPTURE(hours);
        Stage stage;
        for (const int after : {8, 14, 26}) {
            stage.clock.call_in(seconds(after), [&stage, hours] {
                stage.clock.jump_wall(std::chrono::hours(hours));
            });
        }
        const auto begun = stage.clock.elapsed();
        CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
        CHECK(stage.clock.elapsed() - begun >= undisturbed);
        CHECK(stage.end_state() == promoted);
    }
}

TEST_CASE("a machine that slept renews before it writes, unless somebody was quicker", "[engine]") {
    for (const bool is_taken : {false, true}) {
        for (int write = 20; write < 60; write += 8) {
            CAPTURE(is_taken, write);
            Stage stage;
            stage.configuration.timeouts.first_ready = std::chrono::hours(1);
            Elsewhere other(stage);
            other.lock = engine::LockPolicy::if_silent;
            stage.faults.before_write(write, [&] {
                stage.clock.advance(std::chrono::minutes(10));
                if (is_taken) {
                    other.adopt();
                    CHECK(other.resume().exit == ExitCode::done);
                }
            });
            const auto result = stage.start(StrategyKind::canary, "v2");
            CHECK(result.exit == (is_taken ? ExitCode::locked : ExitCode::done));
            CHECK(stage.end_state() == promoted);
        }
    }
}

TEST_CASE("what was sent forward and not answered does not land on the way back", "[engine]") {
    int came_in_vain = 0;
    for (const auto strategy :
         {StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling}) {
        for (int write = 3; write < 30; ++write) {
            CAPTURE(to_text(strategy), write);
            Remote stage;
            stage.keep_ready(3);
            stage.configuration.drain = seconds(60);  // a late write lands half a minute later
            stage.network.at_write(write, Fault::late);
            stage.network.at_write(write + 1, Fault::lost_before);
            stage.network.at_write(write + 2, Fault::lost_before);
            stage.on_pause = engine::PausePolicy::wait;
            std::optional<Duration> aborted;
            stage.abort_at_a_pause(aborted);
            const auto result = stage.begin(strategy);
            if (!aborted) {
                continue;  // no write to an object of the plan, or it was answered in the end
            }
            CHECK(result.exit == ExitCode::rolled_back);
            CHECK(stage.end_state().starts_with("registry/shop/web:v1 x4"));
            CHECK(stage.fewest_ready() >= 3);
            for (const auto& late : forward_writes_since(stage, *aborted)) {
                CHECK(late.answer == WriteAnswer::conflict);
                ++came_in_vain;
            }
        }
    }
    CHECK(came_in_vain > 3);
}
