// SPDX-License-Identifier: Apache-2.0
// Two journals, one cluster: whoever has no record of a rollout that has not ended must not build
// upon what it left, and whoever finds that it was ended elsewhere must not go on.
#include "engine/cluster_record.hpp"
#include "engine/journal.hpp"
#include "engine/new_rollout.hpp"
#include "engine/objects.hpp"
#include "engine/plan_json.hpp"
#include "tests/engine/elsewhere.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

#ifdef NDEBUG
const int stride = 1;
#else
const int stride = 9;
#endif

const auto lease_ref = in_shop(Kind::lease, "deployctl-web");

void hold_at_once(Stage& stage) {
    stage.interrupts.send_at(stage.clock.elapsed() + seconds(14), Interrupt::hold);
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::stopped_watching);
    CHECK(stage.newest().state == RolloutState::paused);
}

void be_killed(Stage& stage) {
    stage.faults.at_write(40, Fault::crash_after);
    CHECK_THROWS_AS(stage.start(StrategyKind::canary, "v2"), SimulatedCrash);
    stage.runners.say("ada@laptop", Liveness::dead);
}

bool dies_resuming(Stage& stage) {
    try {
        stage.resume();
    } catch (const SimulatedCrash&) {
        return true;
    }
    return false;
}

/// Adopted and carried on elsewhere, which then dies after so many of its writes; false where it
/// came to the end before.
bool is_carried_on(Elsewhere& other, int writes) {
    other.adopt();
    other.faults.at_write(other.faults.writes() + writes, Fault::crash_after);
    try {
        other.resume();
        return false;
    } catch (const SimulatedCrash&) {
        return true;
    }
}

/// What the candidate was ever sized to, from now on, in order and without repeats.
void note_sizes(Stage& stage, std::vector<int>& sizes) {
    stage.cluster.watch([&sizes](const World& world) {
        const auto* candidate = find_workload(world, "web-canary");
        const int size = candidate == nullptr ? 0 : candidate->replicas;
        if (sizes.empty() || sizes.back() != size) {
            sizes.push_back(size);
        }
    });
}

const std::string restored = "registry/shop/web:v1 x4, candidate x0, app=web";

}  // namespace

TEST_CASE(
    "nothing is begun upon a rollout that has not ended, whoever has its journal", "[engine]"
) {
    for (const bool is_killed : {false, true}) {
        CAPTURE(is_killed);
        Stage stage;
        is_killed ? be_killed(stage) : hold_at_once(stage);
        Elsewhere other(stage);
        other.runners.say("ada@laptop", Liveness::dead);
        stage.cluster.forget_writes();
        const auto refused = other.start("v3");
        CHECK(refused.exit == ExitCode::locked);
        CHECK(refused.rollout.state == RolloutState::aborted);
        CHECK(stage.cluster.writes().empty());
        REQUIRE(refused.cause);
        CHECK(refused.cause->kind == engine::unfinished_cause);
        CHECK_THAT(
            refused.cause->headline,
            Catch::StartsWith("Lease/deployctl-web names rollout " + stage.newest().id) &&
                Catch::Contains(is_killed ? "(running) of ada@laptop on laptop" : "(paused)")
        );
        const auto back = other.roll_back_from_cluster();
        CHECK(back.rollout.state == RolloutState::rolled_back);
        CHECK(stage.end_state() == restored);
        CHECK(other.start("v3").exit == ExitCode::done);
    }
}

TEST_CASE("nor where its Lease was deleted: what it left shows on the objects", "[engine]") {
    Stage stage;
    hold_at_once(stage);
    stage.cluster.erase(lease_ref);
    Elsewhere other(stage);
    stage.cluster.forget_writes();
    const auto refused = other.start("v3");
    CHECK(refused.exit == ExitCode::locked);
    CHECK(refused.rollout.state == RolloutState::aborted);
    CHECK(stage.cluster.writes().empty());
    REQUIRE(refused.cause);
    CHECK_THAT(
        refused.cause->headline,
        Catch::Contains(": rollout " + stage.newest().id + " has left it half done")
    );
    CHECK(stage.turn_back(RequestKind::abort).exit == ExitCode::done);
    CHECK(stage.end_state() == restored);
    stage.cluster.erase(lease_ref);
    CHECK(other.start("v3").exit == ExitCode::done);
}

TEST_CASE("nor where it is deleted while its silent holder is waited for", "[engine]") {
    Stage stage;
    be_killed(stage);
    Elsewhere other(stage);
    stage.cluster.forget_writes();
    stage.clock.call_at(stage.clock.elapsed() + seconds(10), [&] {
        stage.cluster.erase(lease_ref);
    });
    const auto refused = other.start("v3");
    CHECK(refused.exit == ExitCode::locked);
    CHECK(stage.cluster.writes().empty());
    REQUIRE(refused.cause);
    CHECK_THAT(refused.cause->headline, Catch::Contains(" has left it half done"));
}

TEST_CASE("nor does one go on that was passed over when its Lease was deleted", "[engine]") {
    Stage stage;
    stage.faults.at_write(12, Fault::crash_after);  // its record stands, and not much more
    CHECK_THROWS_AS(stage.start(StrategyKind::canary, "v2"), SimulatedCrash);
    stage.cluster.erase(lease_ref);
    Elsewhere other(stage);
    stage.interrupts.send_at(stage.clock.elapsed() + seconds(14), Interrupt::hold);
    CHECK(other.start("v3").exit == ExitCode::stopped_watching);
    stage.cluster.erase(lease_ref);
    stage.replace_runner();
    stage.cluster.forget_writes();
    const auto refused = stage.resume();
    CHECK(refused.exit == ExitCode::locked);
    CHECK(stage.cluster.writes().empty());
    REQUIRE(refused.cause);
    CHECK_THAT(
        refused.cause->headline,
        Catch::Contains(": rollout " + other.newest().id + " has left it half done")
    );
    CHECK(other.resume().exit == ExitCode::done);
    CHECK(stage.turn_back(RequestKind::abort).rollout.state == RolloutState::superseded);
    CHECK(stage.end_state() == "registry/shop/web:v3 x4, candidate x0, app=web");
}

TEST_CASE("nor where nothing but a held autoscaler tells of it", "[engine]") {
    Stage stage;
    stage.cluster.add(an_autoscaler("web").between(2, 10)).settle();
    const auto autoscaler = in_shop(Kind::autoscaler, "web");
    const auto is_held = [&] {
        return stage.cluster.object(autoscaler).number("/spec/maxReplicas") == 4;
    };
    for (int write = 1; write < 40; ++write) {
        stage.faults.before_write(write, [&] {
            if (is_held()) {
                throw SimulatedCrash{"once it is held"};
            }
        });
    }
    CHECK_THROWS_AS(stage.start(StrategyKind::canary, "v2"), SimulatedCrash);
    REQUIRE(is_held());
    stage.cluster.erase(lease_ref);
    Elsewhere other(stage);
    const auto refused = other.start("v3");
    CHECK(refused.exit == ExitCode::locked);
    REQUIRE(refused.cause);
    CHECK_THAT(
        refused.cause->headline,
        Catch::StartsWith(
            "HorizontalPodAutoscaler/web is held at 4 pods: rollout " + stage.newest().id +
            " has left it half done"
        )
    );
}

TEST_CASE("an autoscaler that its owner has pinned since is not taken for held", "[engine]") {
    Stage stage;
    stage.cluster.add(an_autoscaler("web").between(2, 10)).settle();
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    const auto autoscaler = in_shop(Kind::autoscaler, "web");
    REQUIRE(stage.cluster.object(autoscaler).has(annotation_pointer(mark::rollout)));
    CHECK_FALSE(stage.cluster.object(autoscaler).has(annotation_pointer(mark::held)));
    stage.cluster.edit(autoscaler, [](Value& object) {
        object.set("/spec/minReplicas", 4);
        object.set("/spec/maxReplicas", 4);
    });
    stage.cluster.erase(lease_ref);
    Elsewhere other(stage);
    const auto begun = other.start("v3");
    INFO((begun.cause ? begun.cause->headline : "no cause"));
    CHECK(begun.exit == ExitCode::done);
    CHECK(stage.cluster.object(autoscaler).number("/spec/maxReplicas") == 4);
}

// The plan is older than what the other rollout has done: as one that was approved in between.
TEST_CASE("a start that is refused does not take a deleted Lease from who lost it", "[engine]") {
    Stage stage;
    Elsewhere other(stage);
    const auto older = stage.draft(StrategyKind::canary, "v3").plan;
    stage.interrupts.send_at(stage.clock.elapsed() + seconds(5), Interrupt::hold);
    CHECK(stage.start(StrategyKind::rolling, "v2").exit == ExitCode::stopped_watching);
    stage.cluster.erase(lease_ref);
    stage.cluster.forget_writes();
    const auto refused = run(engine::start(other.ports(), older, other.options()));
    CHECK(refused.exit == ExitCode::blocked);
    CHECK(refused.rollout.state == RolloutState::aborted);
    REQUIRE(refused.cause);
    CHECK_THAT(
        refused.cause->headline,
        Catch::StartsWith("changed since the plan was made: Deployment/web")
    );
    CHECK(stage.cluster.writes().empty());
    CHECK(stage.resume().exit == ExitCode::done);
    CHECK(stage.end_state() == "registry/shop/web:v2 x4, app=web");
}

TEST_CASE("a rollout that was ended elsewhere is only closed here, without a write", "[engine]") {
    for (const bool has_successor : {false, true}) {
        CAPTURE(has_successor);
        Stage stage;
        hold_at_once(stage);
        Elsewhere other(stage);
        CHECK(other.roll_back_from_cluster().rollout.state == RolloutState::rolled_back);
        if (has_successor) {
            CHECK(other.start("v3").exit == ExitCode::done);
        }
        const auto before = stage.end_state();
        stage.cluster.forget_writes();
        const auto refused = stage.resume();
        CHECK(refused.exit == ExitCode::locked);
        REQUIRE(refused.cause);
        CHECK(refused.cause->kind == engine::superseded_cause);
        const auto closed = stage.turn_back(RequestKind::abort);
        CHECK(closed.exit == ExitCode::done);
        CHECK(closed.rollout.state == RolloutState::superseded);
        CHECK(stage.cluster.writes().empty());
        CHECK(stage.end_state() == before);
        CHECK(stage.start(StrategyKind::canary, "v4").exit == ExitCode::done);
    }
}

TEST_CASE("what was sent back elsewhere, and is not at its end, goes on back", "[engine]") {
    int went_back = 0;
    for (int write = 1; write < 24; ++write) {
        CAPTURE(write);
        Stage stage;
        hold_at_once(stage);
        Elsewhere other(stage);
        other.faults.at_write(write, Fault::crash_after);
        CHECK_THROWS_AS(other.roll_back_from_cluster(), SimulatedCrash);
        stage.runners.say("bob@desk", Liveness::dead);
        const auto lease = engine::read_lease(stage.cluster.object(lease_ref));
        const auto result = stage.resume();
        if (lease.direction == Direction::back) {  // it turns before the first restoring write
            ++went_back;
            CHECK(result.exit == ExitCode::rolled_back);
            REQUIRE(result.cause);
            CHECK(result.cause->headline == "sent back elsewhere, from the cluster's record");
            CHECK(stage.end_state() == restored);
        } else {
            CHECK(result.exit == ExitCode::done);
            CHECK(stage.end_state() == "registry/shop/web:v2 x4, candidate x0, app=web");
        }
    }
    CHECK(went_back > 1);
}

TEST_CASE("what was sent back elsewhere stays so when its finder is lost in turn", "[engine]") {
    int turned = 0;
    int lost = 0;
    for (int write = 1; turned < 2; ++write) {
        bool is_back = true;
        bool is_lost = true;
        for (int call = 1; is_back && is_lost; ++call) {
            CAPTURE(write, call);
            Stage stage;
            hold_at_once(stage);
            Elsewhere other(stage);
            other.faults.at_write(write, Fault::crash_after);
            REQUIRE_THROWS_AS(other.roll_back_from_cluster(), SimulatedCrash);
            is_back =
                engine::read_lease(stage.cluster.object(lease_ref)).direction == Direction::back;
            stage.runners.say("bob@desk", Liveness::dead);
            stage.faults.at_call(stage.faults.calls() + call, Fault::crash_after);
            is_lost = is_back && dies_resuming(stage);
            if (is_lost) {
                ++lost;
                stage.replace_runner();
                REQUIRE(stage.resume().exit == ExitCode::rolled_back);
                REQUIRE(stage.end_state() == restored);
            }
        }
        turned += is_back ? 1 : 0;
    }
    CHECK(lost > 60);
}

TEST_CASE("an object of another app is taken from it only once its rollout has ended", "[engine]") {
    Stage stage;
    hold_at_once(stage);
    Elsewhere other(stage);
    const auto refused = other.start("v3", "shop-web");
    CHECK(refused.exit == ExitCode::locked);
    REQUIRE(refused.cause);
    CHECK_THAT(
        refused.cause->headline,
        Catch::Contains("belongs to the app web, whose rollout " + stage.newest().id)
    );
    CHECK(stage.turn_back(RequestKind::abort).rollout.state == RolloutState::rolled_back);
    CHECK(other.start("v3", "shop-web").exit == ExitCode::done);
}

TEST_CASE(
    "from the cluster alone, what has written nothing is ended, and what has ended stays",
    "[engine]"
) {
    Stage stage;
    stage.faults.at_write(5, Fault::crash_after);  // the Lease is taken, the record does not stand
    CHECK_THROWS_AS(stage.start(StrategyKind::canary, "v2"), SimulatedCrash);
    stage.replace_runner();
    Elsewhere other(stage);
    other.runners.say("ada@laptop", Liveness::dead);
    const auto ended = other.roll_back_from_cluster();
    CHECK(ended.exit == ExitCode::done);
    CHECK(ended.rollout.number == 0);
    CHECK(
        ended.rollout.end_reason ==
        "nothing to roll back: the last rollout of web has no record any more; its Lease is free "
        "again"
    );
    CHECK(stage.cluster.object(lease_ref).text("/spec/holderIdentity").empty());
    CHECK(
        other.roll_back_from_cluster().rollout.end_reason ==
        "nothing to roll back: the last rollout of web has ended (aborted)"
    );
    CHECK(other.start("v3").exit == ExitCode::done);
    CHECK(
        other.roll_back_from_cluster().rollout.end_reason ==
        "nothing to roll back: the last rollout of web has ended (promoted)"
    );
}

TEST_CASE("what was done elsewhere is not done again", "[engine]") {
    int carried_on = 0;
    for (int writes = 1;; writes += stride) {
        CAPTURE(writes);
        Stage stage;
        stage.configuration.strategies.canary.steps = {
            {25, seconds(10)}, {50, seconds(10)}, {75, seconds(10)}
        };
        stage.keep_ready(4);
        hold_at_once(stage);
        Elsewhere other(stage);
        other.runners.say("ada@laptop", Liveness::dead);
        const bool is_lost = is_carried_on(other, writes);
        if (!is_lost || is_terminal(other.newest().state)) {
            break;
        }
        ++carried_on;
        stage.runners.say("bob@desk", Liveness::dead);
        std::vector<int> sizes;
        note_sizes(stage, sizes);
        const auto result = stage.resume();
        CHECK(result.exit == ExitCode::done);
        CHECK(stage.end_state() == "registry/shop/web:v2 x4, candidate x0, app=web");
        CHECK(stage.fewest_ready() >= 4);
        const bool only_grew = std::ranges::is_sorted(sizes.begin(), sizes.end() - 1);
        CAPTURE(sizes);
        CHECK((sizes.empty() || (only_grew && sizes.back() == 0)));
    }
    CHECK(carried_on > 70 / stride);
}

// Only the record tells then that there was a Lease before.
TEST_CASE("nor is it where a deleted Lease has begun to count anew in between", "[engine]") {
    Stage stage;
    stage.configuration.strategies.canary.steps = {{25, seconds(10)}, {50, seconds(10)}};
    for (int write = 1; write < 20; ++write) {
        stage.faults.before_write(write, [&] {
            if (stage.cluster.writes().size() == 2) {
                throw SimulatedCrash{"once its record stands"};
            }
        });
    }
    CHECK_THROWS_AS(stage.start(StrategyKind::canary, "v2"), SimulatedCrash);
    const auto record = engine::record_ref(Elsewhere(stage).target(), stage.newest().id);
    REQUIRE_FALSE(stage.cluster.object(record).is_null());
    REQUIRE(stage.cluster.object(in_shop(Kind::deployment, "web-canary")).is_null());
    Elsewhere other(stage);
    other.runners.say("ada@laptop", Liveness::dead);
    other.adopt();
    stage.cluster.erase(lease_ref);
    other.faults.at_write(other.faults.writes() + 45, Fault::crash_after);
    CHECK_THROWS_AS(other.resume(), SimulatedCrash);
    const auto reached = stage.cluster.object(in_shop(Kind::deployment, "web-canary"));
    REQUIRE(reached.number("/spec/replicas") > 0);
    stage.replace_runner();
    stage.runners.say("bob@desk", Liveness::dead);
    std::vector<int> sizes;
    note_sizes(stage, sizes);
    CHECK(stage.resume().exit == ExitCode::done);
    CAPTURE(sizes);
    REQUIRE(sizes.size() > 1);
    CHECK(std::ranges::is_sorted(sizes.begin(), sizes.end() - 1));
    CHECK(stage.end_state() == "registry/shop/web:v2 x4, candidate x0, app=web");
}

TEST_CASE("sent back and forward again elsewhere, it goes on from where it is there", "[engine]") {
    Stage stage;
    stage.configuration.strategies.canary.steps = {{25, seconds(10)}, {50, seconds(60)}};
    stage.interrupts.send_at(stage.clock.elapsed() + seconds(40), Interrupt::hold);
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::stopped_watching);
    const auto step = stage.newest().step;
    Elsewhere other(stage);
    other.adopt();
    const engine::RunOptions options = other.options();
    stage.interrupts.send_at(stage.clock.elapsed() + seconds(1), Interrupt::shift);
    run(engine::resume(other.ports(), other.newest(), options));
    REQUIRE(other.newest().direction == Direction::back);
    stage.interrupts.send_at(stage.clock.elapsed() + seconds(8), Interrupt::hold);
    run(engine::retry(other.ports(), other.newest(), options));
    REQUIRE(other.newest().direction == Direction::forward);
    REQUIRE(other.newest().step < step);
    std::vector<int> sizes;
    note_sizes(stage, sizes);
    CHECK(stage.resume().exit == ExitCode::done);
    REQUIRE_FALSE(sizes.empty());
    CHECK(sizes.front() == 1);
    CHECK(stage.end_state() == "registry/shop/web:v2 x4, candidate x0, app=web");
}

// The Lease and all objects still say "back" then, as somebody else has written them in part: only
// the journal knows better, and it knows of every epoch that they show.
TEST_CASE(
    "a retry that was killed before its first write goes forward, after a way back elsewhere",
    "[engine][crash]"
) {
    int killed_in_between = 0;
    for (int write = 1; write < 200 && killed_in_between == 0; ++write) {
        CAPTURE(write);
        Stage stage;
        stage.interrupts.send_at(stage.clock.elapsed() + seconds(14), Interrupt::shift);
        CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::stopped_watching);
        REQUIRE(stage.newest().direction == Direction::back);
        Elsewhere other(stage);
        REQUIRE(is_carried_on(other, 18));
        stage.runners.say("bob@desk", Liveness::dead);
        stage.faults.at_write(stage.faults.writes() + write, Fault::crash_after);
        try {
            stage.retry();
            break;  // the kill would have come after its end
        } catch (const SimulatedCrash&) {
            stage.replace_runner();
        }
        const auto candidate = stage.cluster.object(in_shop(Kind::deployment, "web-canary"));
        const bool is_between = stage.newest().direction == Direction::forward &&
                                candidate.text(annotation_pointer(mark::direction)) == "back";
        if (is_between) {
            ++killed_in_between;
            CHECK(stage.resume().exit == ExitCode::done);
            CHECK(stage.end_state() == "registry/shop/web:v2 x4, candidate x0, app=web");
        }
    }
    CHECK(killed_in_between > 0);
}

TEST_CASE("what this journal only knows as planned goes on from where it is", "[engine]") {
    Stage stage;
    hold_at_once(stage);
    Elsewhere other(stage);
    const auto plan = engine::read_plan(run(stage.store.plan(stage.newest().id)));
    auto planned = engine::make_new(other.ports(), plan, other.options(), stage.newest().id);
    REQUIRE(planned.record.state == RolloutState::pending);
    run(engine::begin(other.journal, planned));
    std::vector<int> sizes;
    note_sizes(stage, sizes);
    CHECK(other.resume().exit == ExitCode::done);
    REQUIRE_FALSE(sizes.empty());
    CHECK(std::ranges::is_sorted(sizes.begin(), sizes.end() - 1));
    CHECK(stage.end_state() == "registry/shop/web:v2 x4, candidate x0, app=web");
}

TEST_CASE(
    "without its record, what is half done is named, and closed once it is mended", "[engine]"
) {
    Stage stage;
    stage.configuration.strategies.canary.steps = {{25, seconds(60)}};
    stage.cluster.edit(in_shop(Kind::deployment, "web"), [](Value& web) {  // what no journal has
        web.set(
            "/spec/template/spec/containers/0/env",
            Value::list({Value::map({{"name", "KEY"}, {"value", "a literal"}})})
        );
    });
    stage.cluster.settle();
    be_killed(stage);
    const auto id = stage.newest().id;
    stage.cluster.erase(engine::record_ref({"web", "", "shop", ""}, id));
    Elsewhere other(stage);
    other.runners.say("ada@laptop", Liveness::dead);
    stage.cluster.forget_writes();
    CHECK_THROWS_WITH(
        other.roll_back_from_cluster(),
        Catch::Contains("it is half done: Deployment/web-canary has 1 pod")
    );
    CHECK_THROWS_WITH(
        stage.turn_back(RequestKind::abort),
        Catch::Contains("it is half done: Deployment/web-canary has 1 pod")
    );
    CHECK_THROWS_WITH(stage.resume(), Catch::Contains("was deleted while it was under way"));
    CHECK(stage.cluster.writes().empty());
    stage.cluster.edit(in_shop(Kind::deployment, "web-canary"), [](Value& object) {
        object.set("/spec/replicas", 0);
    });
    stage.cluster.edit(in_shop(Kind::service, "web"), [](Value& service) {
        service.set("/spec/selector", Value::map({{"app", "web"}}));
    });
    const auto closed = stage.turn_back(RequestKind::abort);
    CHECK(closed.exit == ExitCode::done);
    CHECK(closed.rollout.state == RolloutState::superseded);
    CHECK(other.start("v3").exit == ExitCode::done);
}

TEST_CASE("what the former runner does after an adoption is taken in by the resume", "[engine]") {
    for (const bool only_the_lease : {false, true}) {
        CAPTURE(only_the_lease);
        Stage stage;
        stage.configuration.strategies.canary.steps = {{25, seconds(60)}};
        be_killed(stage);
        Elsewhere other(stage);
        other.runners.say("ada@laptop", Liveness::dead);
        other.adopt();
        // It was only frozen: it sends the rollout back, and dies after its first such write.
        const auto turn = [](Value& object) {
            object.set(annotation_pointer(mark::direction), to_text(Direction::back));
            object.set(annotation_pointer(mark::step), "0");
        };
        stage.cluster.edit(lease_ref, turn);
        if (!only_the_lease) {
            stage.cluster.edit(in_shop(Kind::deployment, "web"), [&](Value& object) {
                turn(object);
                object.set(annotation_pointer(mark::rollout), stage.newest().id);
                for (const auto key : {mark::fence, mark::written}) {
                    object.set(annotation_pointer(key), "web/00000900/1.99");
                }
            });
        }
        CHECK(other.resume().rollout.state == RolloutState::rolled_back);
        CHECK(stage.end_state() == restored);
    }
}

TEST_CASE("what was aborted elsewhere before it began does not begin here", "[engine]") {
    Stage stage;
    stage.faults.at_write(3, Fault::crash_before);  // the Lease is taken, and nothing else done
    CHECK_THROWS_AS(stage.start(StrategyKind::canary, "v2"), SimulatedCrash);
    stage.runners.say("ada@laptop", Liveness::dead);
    CHECK(stage.newest().state == RolloutState::pending);
    Elsewhere other(stage);
    other.runners.say("ada@laptop", Liveness::dead);
    CHECK(other.roll_back_from_cluster().exit == ExitCode::done);
    stage.replace_runner();
    stage.cluster.forget_writes();
    const auto refused = stage.resume();
    CHECK(refused.exit == ExitCode::locked);
    REQUIRE(refused.cause);
    CHECK(refused.cause->kind == engine::superseded_cause);
    CHECK_THAT(refused.cause->headline, Catch::StartsWith("it was ended elsewhere"));
    CHECK(stage.turn_back(RequestKind::abort).exit == ExitCode::done);
    CHECK(stage.cluster.writes().empty());
    CHECK(stage.start(StrategyKind::canary, "v3").exit == ExitCode::done);
}

TEST_CASE("what an older runner does after an import is taken in as well", "[engine]") {
    Stage stage;
    stage.configuration.strategies.canary.steps = {{25, seconds(60)}};
    be_killed(stage);
    stage.cluster.edit(lease_ref, [](Value& lease) {  // a newer one has it, and wrote nothing yet
        lease.set("/spec/leaseTransitions", lease.number("/spec/leaseTransitions") + 3);
    });
    Elsewhere other(stage);
    other.runners.say("ada@laptop", Liveness::dead);
    other.adopt();
    const auto known = other.newest();
    const auto further = known.step + 2;
    stage.cluster.edit(in_shop(Kind::deployment, "web"), [&](Value& object) {
        object.set(annotation_pointer(mark::direction), to_text(Direction::forward));
        object.set(annotation_pointer(mark::step), std::to_string(further));
        object.set(annotation_pointer(mark::rollout), stage.newest().id);
        for (const auto key : {mark::fence, mark::written}) {
            object.set(annotation_pointer(key), "web/00000900/1.99");
        }
    });
    other.resume();
    const auto events = run(other.store.events(known.id, 0));
    const auto shown = std::ranges::count_if(events, [](const Event& event) {
        return event.type == "step.skipped";
    });
    CHECK(shown == further);
}
