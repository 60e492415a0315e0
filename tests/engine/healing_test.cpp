// SPDX-License-Identifier: Apache-2.0
#include "engine/healing.hpp"

#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::tests;
using engine::Diagnosis;
using simcluster::run;

namespace {

/// Four pods of the release, of which tests make some ill.
struct Ward : Stage {
    Ward() : plan(draft(StrategyKind::rolling, "v2").plan) {
        CHECK(start(StrategyKind::rolling, "v2").exit == ExitCode::done);
        cluster.settle();
        world = cluster.world();
    }

    void make_ill(int count, const std::string& reason, const std::string& phase = "Running") {
        for (int index = 0; index < count; ++index) {
            auto& pod = world.pods.write(static_cast<std::size_t>(index));
            pod.ready = false;
            pod.phase = phase;
            REQUIRE_FALSE(pod.containers.empty());
            pod.containers.front().ready = false;
            pod.containers.front().restarts = 5;
            pod.containers.front().state = {ContainerState::Phase::waiting, reason, "", 0, {}};
            pod.containers.front().previous = {
                ContainerState::Phase::terminated, "Error", "", 1, {}
            };
        }
    }

    Diagnosis seen() const { return engine::diagnose(plan, world); }

    Plan plan;
    World world;
};

}  // namespace

TEST_CASE("a release whose pods serve needs no healing", "[engine]") {
    Ward ward;
    const auto seen = ward.seen();
    CHECK(seen.is_well());
    CHECK(seen.ready == 4);
    CHECK(seen.wanted == 4);
    CHECK(seen.drift.empty());
    CHECK(engine::choose_restarts(seen, 3).empty());
}

TEST_CASE("doomed pods are restarted one at a time, or as many as may be missing", "[engine]") {
    Ward ward;
    ward.make_ill(2, "CrashLoopBackOff");
    auto seen = ward.seen();
    CHECK(seen.ready == 2);
    REQUIRE(seen.doomed.size() == 2);
    CHECK(seen.doomed.front().why.find("CrashLoopBackOff") != std::string::npos);
    CHECK(engine::choose_restarts(seen, 3).size() == 1);
    seen.at_once = 2;
    CHECK(engine::choose_restarts(seen, 3).size() == 2);
    CHECK(engine::choose_restarts(seen, 1).size() == 1);
    CHECK(engine::choose_restarts(seen, 0).empty());
    CHECK(engine::choose_restarts(seen, -1).empty());
}

TEST_CASE("where no pod of the version serves a restart is no cure", "[engine]") {
    Ward ward;
    ward.make_ill(4, "CrashLoopBackOff");
    const auto seen = ward.seen();
    CHECK_FALSE(seen.is_well());
    CHECK_FALSE(seen.can_be_treated());
    CHECK(engine::choose_restarts(seen, 3).empty());
}

TEST_CASE(
    "a budget that is not met keeps pods that have started, as an eviction would", "[engine]"
) {
    Ward ward;
    ward.cluster.add(a_disruption_budget("web", 4)).settle();
    ward.world = ward.cluster.world();
    SECTION("one in a crash loop is counted") {
        ward.make_ill(1, "CrashLoopBackOff");
        const auto seen = ward.seen();
        CHECK(seen.budget.find("wants 4 ready pods, and there are 3") != std::string::npos);
        CHECK(engine::choose_restarts(seen, 3).empty());
    }
    SECTION("one that has never started is not") {
        ward.make_ill(1, "ImagePullBackOff", "Pending");
        CHECK(engine::choose_restarts(ward.seen(), 3).size() == 1);
    }
}

TEST_CASE(
    "what somebody else has changed since is told, and another version is left alone", "[engine]"
) {
    Ward ward;
    ward.cluster.edit(in_shop(Kind::service, "web"), [](Value& object) {
        object.set("/spec/selector/tier", "x");
    });
    ward.world = ward.cluster.world();
    const auto seen = ward.seen();
    CHECK(seen.is_well());
    REQUIRE(seen.drift.size() == 1);
    CHECK(seen.drift.front().find("Service/web: the selector") == 0);
    ward.plan.release.image = "registry/shop/web:v3";
    ward.make_ill(1, "CrashLoopBackOff");
    const auto other = ward.seen();
    CHECK_FALSE(other.runs_release);
    CHECK(engine::choose_restarts(other, 3).empty());
    ward.plan.workload = "gone";
    CHECK(ward.seen().drift.front() == "Deployment/gone is gone");
}

TEST_CASE("this very pod is deleted, and another takes its place", "[engine]") {
    Ward ward;
    const Pod first = *ward.world.pods.begin();
    engine::DoomedPod pod;
    pod.name = first.meta.name;
    pod.uid = first.meta.uid;
    pod.resource_version = first.meta.resource_version;
    auto changed = pod;
    changed.uid = "another";
    const auto refused = run(engine::restart(&ward.cluster, ward.plan.target, changed));
    CHECK(refused.answer == WriteAnswer::conflict);
    const auto reply = run(engine::restart(&ward.cluster, ward.plan.target, pod));
    CHECK(reply.answer == WriteAnswer::done);
    const auto after =
        run(engine::await_recovery(&ward.cluster, &ward.clock, ward.plan, seconds(60)));
    CHECK(after.is_well());
    CHECK(after.ready == 4);
    for (const auto& one : ward.cluster.world().pods) {
        CHECK((one.meta.uid != pod.uid || one.is_leaving()));
    }
}

TEST_CASE("what one look shows and the next does not is no illness", "[engine]") {
    Ward ward;
    const auto began = ward.clock.elapsed();
    const auto seen = run(engine::examine(&ward.cluster, &ward.clock, ward.plan));
    CHECK(seen.is_well());
    CHECK(ward.clock.elapsed() == began);  // a release that is well costs one look
}
