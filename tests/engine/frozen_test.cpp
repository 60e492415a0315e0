// SPDX-License-Identifier: Apache-2.0
// A runner that stands still before a write, while another one without its journal takes over.
#include "documents/json.hpp"
#include "engine/cluster_record.hpp"
#include "engine/objects.hpp"
#include "engine/plan_json.hpp"
#include "tests/engine/elsewhere.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>
#include <vector>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

/// The writes of a rollout, in order: "patch Deployment/web".
std::vector<std::string> writes_of(Stage& stage) {
    stage.start(StrategyKind::canary, "v2");
    std::istringstream trace(stage.faults.trace_text());
    std::vector<std::string> writes;
    for (std::string line; std::getline(trace, line);) {
        const auto call = line.substr(line.find(' ') + 1);
        const bool is_write = call.starts_with("patch ") || call.starts_with("create ") ||
                              call.starts_with("append ") || call.starts_with("remove ") ||
                              call == "begin" || call == "make a request";
        if (is_write) {
            writes.push_back(call);
        }
    }
    return writes;
}

/// The number of the first write that is this; 0: none.
int write_of(Stage& stage, const std::string& what) {
    const auto writes = writes_of(stage);
    const auto found = std::ranges::find(writes, what);
    return found == writes.end() ? 0 : static_cast<int>(found - writes.begin()) + 1;
}

/// The number of the intent before it.
int intent_of(Stage& stage, const std::string& what) {
    const auto writes = writes_of(stage);
    auto found = std::ranges::find(writes, what);
    while (found != writes.begin() && *found != "append effect.intent") {
        --found;
    }
    return static_cast<int>(found - writes.begin()) + 1;
}

}  // namespace

TEST_CASE("the first write that a frozen runner sends after it was replaced is lost", "[engine]") {
    const std::string write = GENERATE(
        "create Deployment/web-canary",
        "patch Deployment/web-canary",
        "patch Deployment/web",
        "patch Service/web"
    );
    CAPTURE(write);
    Stage measured;
    const int number = write_of(measured, write);
    REQUIRE(number > 0);
    Stage stage;
    state::MemStore empty(stage.clock);
    std::vector<Value> left;
    const std::vector<ObjectRef> places{
        in_shop(Kind::deployment, "web"),
        in_shop(Kind::deployment, "web-canary"),
        in_shop(Kind::service, "web"),
    };
    stage.faults.before_write(number, [&] {
        stage.runners.say("ada@laptop", Liveness::dead);
        const auto back = stage.roll_back_from_cluster(empty);
        CHECK(back.rollout.state == RolloutState::rolled_back);
        for (const auto& place : places) {
            left.push_back(stage.cluster.object(place).at("/metadata/resourceVersion"));
        }
    });
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::locked);
    REQUIRE(left.size() == places.size());
    for (std::size_t index = 0; index < places.size(); ++index) {
        CAPTURE(to_text(places[index]));
        CHECK(stage.cluster.object(places[index]).at("/metadata/resourceVersion") == left[index]);
    }
    CHECK(stage.cluster.object(places[1]).has(annotation_pointer(mark::tombstone)));
    CHECK(stage.end_state() == "registry/shop/web:v1 x4, candidate x0, app=web");
}

// A create has no fence: the record lands, of a rollout that has ended before it stood.
TEST_CASE("a record that a frozen runner makes too late is nobody's", "[engine]") {
    const std::string write = "create ControllerRevision/deployctl-web-00000001";
    Stage measured;
    const int number = write_of(measured, write);
    REQUIRE(number > 0);
    Stage stage;
    Elsewhere other(stage);
    const auto lease = in_shop(Kind::lease, "deployctl-web");
    stage.faults.before_write(number, [&] {
        stage.clock.advance(seconds(60));
        other.runners.say("ada@laptop", Liveness::dead);
        CHECK(other.roll_back_from_cluster().exit == ExitCode::done);
    });
    CHECK(stage.start(StrategyKind::canary, "v2").exit != ExitCode::done);
    const auto id = stage.newest().id;
    const auto late = engine::record_ref(other.target(), id);
    REQUIRE_FALSE(stage.cluster.object(late).is_null());
    stage.cluster.forget_writes();
    CHECK(other.roll_back_from_cluster().rollout.end_reason.find("has ended") != std::string::npos);
    CHECK_THROWS_WITH(other.adopt(), Catch::Contains("has ended (aborted)"));
    CHECK(stage.cluster.writes().empty());
    CHECK(stage.end_state() == "registry/shop/web:v1 x4, app=web");

    // The next rollout is the one that is found, also by a journal that knows neither.
    other.faults.at_write(40, Fault::crash_before);
    CHECK_THROWS_AS(other.start("v3"), SimulatedCrash);
    Elsewhere third(stage);
    third.runners.say("bob@desk", Liveness::dead);
    const auto adopted = third.adopt().rollout;
    CHECK(adopted.next_version == "v3");
    CHECK(adopted.id == stage.cluster.object(lease).text(annotation_pointer(mark::rollout)));
    CHECK(third.turn_back(RequestKind::rollback).rollout.state == RolloutState::rolled_back);
    CHECK(stage.end_state() == "registry/shop/web:v1 x4, candidate x0, app=web");
}

TEST_CASE("a record of another rollout with the same short id is not taken for it", "[engine]") {
    Stage stage;
    Elsewhere other(stage);
    const auto id = [](char first) {
        return std::string(1, first) + "198-0000-7000-8000-000000000007";
    };
    const auto plan = stage.draft(StrategyKind::canary, "v2").plan;
    RolloutRecord rollout;
    rollout.id = id('a');
    rollout.plan_hash = engine::hash_of(plan);
    stage.cluster.add(engine::make_record(plan, rollout));
    CHECK(run(engine::load_record(stage.cluster, plan.target, id('a'))));
    CHECK_FALSE(run(engine::load_record(stage.cluster, plan.target, id('b'))));
}

// A laptop that sleeps between a look and the write that follows from it.
TEST_CASE("what was decided before a runner stood still is decided anew", "[engine]") {
    for (const std::string write : {"patch Deployment/web", "patch Service/web"}) {
        CAPTURE(write);
        Stage measured;
        Stage stage;
        std::size_t before = 0;
        stage.faults.before_write(intent_of(measured, write), [&] {
            stage.cluster.turn("v2", never_ready());
            stage.clock.advance(seconds(200));
            before = stage.cluster.writes().size();
        });
        CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::rolled_back);
        REQUIRE(before > 0);
        for (auto index = before; index < stage.cluster.writes().size(); ++index) {
            const auto& seen = stage.cluster.writes()[index];
            for (const auto& change : seen.patch) {
                CAPTURE(to_text(seen));
                const bool is_web = seen.ref == in_shop(Kind::deployment, "web");
                const bool shrinks =
                    is_web && change.path == "/spec/replicas" && change.value.number("", 4) < 4;
                const bool is_service = seen.ref == in_shop(Kind::service, "web");
                const bool points_there =
                    is_service && change.verb != PatchVerb::test &&
                    documents::write_json(change.value).find("canary") != std::string::npos;
                CHECK_FALSE((shrinks && change.verb != PatchVerb::test));
                CHECK_FALSE(points_there);
            }
        }
        CHECK(stage.end_state() == "registry/shop/web:v1 x4, candidate x0, app=web");
    }
}
