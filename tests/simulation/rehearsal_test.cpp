// SPDX-License-Identifier: Apache-2.0
// A rehearsal takes its namespace from the plan.
#include "simulation/rehearsal.hpp"

#include "engine/planning.hpp"
#include "simcluster/builders.hpp"
#include "simcluster/run.hpp"
#include "simcluster/sim_cluster.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;

namespace {

/// The app web in another namespace than the one that the simulated cluster has by itself.
Plan plan_in(const std::string& kube_namespace) {
    VirtualClock clock;
    SimCluster cluster(clock, {}, kube_namespace);
    Value web = a_deployment("web").replicas(4).image("registry/shop/web:v1");
    Value service = a_service("web");
    for (auto* object : {&web, &service}) {
        object->set("/metadata/namespace", kube_namespace);
    }
    cluster.copy(Kind::deployment, web).copy(Kind::service, service).settle();
    engine::PlanRequest request;
    request.configuration.app.name = "web";
    request.configuration.app.workload.name = "web";
    request.strategy = StrategyKind::canary;
    request.tag = "v2";
    request.target = {"web", "", kube_namespace, run(cluster.identify()).uid};
    const auto draft = engine::make_plan(run(cluster.look()), request);
    REQUIRE(draft.refusals.empty());
    return draft.plan;
}

}  // namespace

TEST_CASE("a plan is rehearsed in its own namespace", "[simulation]") {
    for (const std::string place : {"shop", "payments-eu"}) {
        CAPTURE(place);
        simulation::RehearsalOrder order;
        order.plan = plan_in(place);
        const auto good = simulation::rehearse(order);
        CHECK(good.end.rollout.state == RolloutState::promoted);
        CHECK(good.end.rollout.target.kube_namespace == place);
        CHECK(good.broken.empty());
        simulation::Trouble crash;
        crash.kind = simulation::TroubleKind::pod_crash;
        crash.step = 3;
        order.troubles = {crash};
        const auto bad = simulation::rehearse(order);
        CHECK(bad.end.rollout.state == RolloutState::rolled_back);
        CHECK(bad.broken.empty());
    }
}
