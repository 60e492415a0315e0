// SPDX-License-Identifier: Apache-2.0
#include "simcluster/builders.hpp"
#include "simcluster/sim_cluster.hpp"
#include "simcluster/traffic.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;

namespace {

struct Shop {
    VirtualClock clock;
    SimCluster cluster{clock};
    ObjectRef web = in_shop(Kind::deployment, "web");

    void release(const std::string& version) {
        cluster.edit(web, [&](Value& object) {
            object.set("/spec/template/spec/containers/0/image", "registry/shop/web:" + version);
        });
    }

    void scale(int replicas) {
        cluster.edit(web, [&](Value& object) { object.set("/spec/replicas", replicas); });
    }

    Workload workload() { return *find_workload(cluster.world(), "web"); }
};

/// The most and the fewest of something that was seen on the way.
struct Range {
    int least = 1000;
    int most = 0;

    void see(int count) {
        least = std::min(least, count);
        most = std::max(most, count);
    }
};

}  // namespace

TEST_CASE("a Deployment gets a ReplicaSet with a hash, pods, and endpoints", "[fakes]") {
    Shop shop;
    shop.cluster.add(a_deployment("web").replicas(4)).add(a_service("web")).settle();

    const auto workload = shop.workload();
    CHECK(workload.ready == 4);
    CHECK(workload.updated == 4);
    CHECK(workload.observed_generation == workload.meta.generation);
    const auto* set = current_replica_set(shop.cluster.world(), workload);
    REQUIRE(set != nullptr);
    CHECK(set->meta.name == "web-" + set->hash);
    CHECK(set->revision == 1);
    const auto pods = pods_of(shop.cluster.world(), *set);
    REQUIRE(pods.size() == 4);
    CHECK(pods.front()->hash == set->hash);
    CHECK(to_text(served_by(shop.cluster.world(), "web")) == "v1 100%");
}

TEST_CASE(
    "a rolling update keeps to surge and unavailability, and never leaves the Service alone",
    "[fakes]"
) {
    const auto [surge, unavailable] = GENERATE(table<int, int>({{1, 0}, {0, 1}, {2, 1}, {4, 4}}));
    Shop shop;
    shop.cluster.add(a_deployment("web").replicas(4).surge(surge).unavailable(unavailable));
    shop.cluster.add(a_service("web")).settle();
    Range pods;
    Range ready;
    shop.cluster.watch([&](const World& world) {
        int wanted = 0;
        for (const auto& set : world.replica_sets) {
            wanted += set.replicas;
        }
        pods.see(wanted);
        ready.see(ready_pods(world, "v1") + ready_pods(world, "v2"));
    });

    shop.release("v2");
    shop.clock.advance(minutes(1));

    CHECK(to_text(served_by(shop.cluster.world(), "web")) == "v2 100%");
    CHECK(pods.most <= 4 + surge);
    CHECK(ready.least >= 4 - unavailable);
    CHECK(shop.workload().updated == 4);
}

TEST_CASE("a Deployment of a version that does not get ready keeps the old pods", "[fakes]") {
    Shop shop;
    shop.cluster.add(a_deployment("web").replicas(4).surge(1).unavailable(1))
        .add(a_service("web"))
        .settle();
    shop.cluster.behave("v2", never_ready());

    shop.release("v2");
    shop.clock.advance(minutes(5));

    CHECK(ready_pods(shop.cluster.world(), "v1") == 3);
    CHECK(to_text(served_by(shop.cluster.world(), "web")) == "v1 100%");
    CHECK(shop.workload().updated == 2);

    shop.clock.advance(minutes(11));
    const auto workload = shop.workload();
    const auto* progressing = find_condition(workload.conditions, "Progressing");
    REQUIRE(progressing != nullptr);
    CHECK(progressing->reason == "ProgressDeadlineExceeded");
}

TEST_CASE("going back to an earlier template takes its old ReplicaSet up again", "[fakes]") {
    Shop shop;
    shop.cluster.add(a_deployment("web").replicas(2)).settle();
    const auto first = current_replica_set(shop.cluster.world(), shop.workload())->meta.name;
    shop.release("v2");
    shop.clock.advance(minutes(1));
    CHECK(current_replica_set(shop.cluster.world(), shop.workload())->meta.name != first);

    shop.release("v1");
    shop.clock.advance(minutes(1));

    const auto* set = current_replica_set(shop.cluster.world(), shop.workload());
    CHECK(set->meta.name == first);
    CHECK(set->revision == 3);
    CHECK(shop.cluster.world().replica_sets.size() == 2);
    CHECK(shop.workload().meta.annotations.at("deployment.kubernetes.io/revision") == "3");
}

TEST_CASE("a new size goes to the only set that has pods", "[fakes]") {
    Shop shop;
    shop.cluster.add(a_deployment("web").replicas(2)).settle();

    shop.scale(5);
    shop.cluster.settle();
    CHECK(shop.workload().ready == 5);

    shop.scale(0);
    shop.cluster.settle();
    CHECK(shop.cluster.world().pods.empty());

    shop.scale(1);
    shop.cluster.settle();
    CHECK(shop.workload().ready == 1);
}

TEST_CASE(
    "size and template in one write: the old set is resized before the new one starts", "[fakes]"
) {
    Shop shop;
    shop.cluster.add(a_deployment("web").replicas(2)).settle();
    int most_old = 0;
    shop.cluster.watch([&](const World& world) {
        most_old = std::max(most_old, ready_pods(world, "v1"));
    });

    shop.cluster.edit(shop.web, [](Value& object) {
        object.set("/spec/replicas", 4);
        object.set("/spec/template/spec/containers/0/image", "registry/shop/web:v2");
    });
    shop.clock.advance(minutes(1));

    CHECK(most_old >= 3);
    CHECK(ready_pods(shop.cluster.world(), "v2") == 4);
}

TEST_CASE("Recreate ends every old pod before the first new one", "[fakes]") {
    Shop shop;
    shop.cluster.add(a_deployment("web").replicas(2).recreate()).settle();
    bool overlapped = false;
    shop.cluster.watch([&](const World& world) {
        overlapped = overlapped || (ready_pods(world, "v1") > 0 && ready_pods(world, "v2") > 0);
    });

    shop.release("v2");
    shop.clock.advance(minutes(1));

    CHECK_FALSE(overlapped);
    CHECK(ready_pods(shop.cluster.world(), "v2") == 2);
}

TEST_CASE("a pod counts as available once it was ready for minReadySeconds", "[fakes]") {
    Shop shop;
    shop.cluster.add(a_deployment("web").replicas(1).min_ready(30));
    shop.clock.advance(seconds(10));
    CHECK(shop.workload().ready == 1);
    CHECK(shop.workload().available == 0);

    shop.clock.advance(seconds(25));
    CHECK(shop.workload().available == 1);
}

TEST_CASE("a quota refuses pods, and the ReplicaSet says so", "[fakes]") {
    Shop shop;
    shop.cluster.add(a_pod_quota(2)).add(a_deployment("web").replicas(3)).settle();

    CHECK(shop.cluster.world().pods.size() == 2);
    const auto& set = shop.cluster.world().replica_sets.front();
    const auto* failure = find_condition(set.conditions, "ReplicaFailure");
    REQUIRE(failure != nullptr);
    CHECK(failure->message.find("exceeded quota") != std::string::npos);
    const auto quota = shop.cluster.object(in_shop(Kind::resource_quota, "pods"));
    CHECK(quota.text("/status/used/pods") == "2");
}

TEST_CASE("a deleted Deployment takes its sets and pods with it", "[fakes]") {
    Shop shop;
    shop.cluster.add(a_deployment("web")).settle();

    shop.cluster.erase(shop.web);
    shop.cluster.settle();

    CHECK(shop.cluster.world().replica_sets.empty());
    CHECK(shop.cluster.world().pods.empty());
}
