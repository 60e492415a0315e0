// SPDX-License-Identifier: Apache-2.0
#include "model/kubernetes/world.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

namespace {

Value pod_template(const std::string& image) {
    Value made;
    made.set("/metadata/labels/app", "web");
    made.set("/spec/containers", Value::list({Value::map({{"name", "web"}, {"image", image}})}));
    return made;
}

ReplicaSet set_of(const std::string& uid, std::int64_t revision, const std::string& image) {
    ReplicaSet set;
    set.meta.name = "web-" + uid;
    set.meta.uid = uid;
    set.meta.owners = {{"Deployment", "web", "d"}};
    set.revision = revision;
    set.hash = uid;
    set.pod_template = pod_template(image);
    return set;
}

Pod pod_of(const std::string& name, const std::string& owner) {
    Pod pod;
    pod.meta.name = name;
    pod.meta.owners = {{"ReplicaSet", "web-" + owner, owner}};
    return pod;
}

/// web runs v2 (set "new"), its pods of v1 (set "old") are on their way out; "foreign" belongs to
/// another.
World sample() {
    World world;
    Workload web;
    web.meta.name = "web";
    web.meta.uid = "d";
    web.meta.generation = 2;
    web.observed_generation = 2;
    web.body.set("/spec/template", pod_template("web:v2"));
    world.workloads = {web};
    world.replica_sets = {
        set_of("old", 1, "web:v1"), set_of("new", 2, "web:v2"), set_of("foreign", 9, "x")
    };
    world.replica_sets.write(2).meta.owners[0].uid = "another";
    world.pods = {
        pod_of("a", "new"), pod_of("b", "new"), pod_of("c", "old"), pod_of("f", "foreign")
    };
    world.pods.write(1).meta.deleted = WallTime{};
    return world;
}

}  // namespace

TEST_CASE("a look shows the same as the one before until an object has changed", "[model]") {
    const auto world = sample();
    auto next = world;
    next.boot = next.boot + seconds(1);
    CHECK(shows_the_same(world, next));
    next.pods.write(0).ready = true;
    CHECK_FALSE(shows_the_same(world, next));
}

TEST_CASE("the sets of a Deployment are its own, newest first", "[model]") {
    const auto world = sample();
    const auto sets = replica_sets_of(world, world.workloads[0]);
    REQUIRE(sets.size() == 2);
    CHECK(sets[0]->meta.uid == "new");
    CHECK(sets[1]->meta.uid == "old");
}

TEST_CASE(
    "the current set is that of the present template, once its controller has seen it", "[model]"
) {
    auto world = sample();
    REQUIRE(current_replica_set(world, world.workloads[0]) != nullptr);
    CHECK(current_replica_set(world, world.workloads[0])->meta.uid == "new");

    world.workloads.write(0).body.set("/spec/template", pod_template("web:v1"));
    CHECK(current_replica_set(world, world.workloads[0])->meta.uid == "old");
    world.workloads.write(0).meta.generation = 3;
    CHECK(current_replica_set(world, world.workloads[0]) == nullptr);
    REQUIRE(replica_set_of_template(world, world.workloads[0]) != nullptr);
    CHECK(replica_set_of_template(world, world.workloads[0])->meta.uid == "old");
    world.workloads.write(0).observed_generation = 3;
    world.workloads.write(0).body.set("/spec/template", pod_template("web:v3"));
    CHECK(current_replica_set(world, world.workloads[0]) == nullptr);
}

TEST_CASE(
    "the pods of a set leave out those on their way; all pods of a Deployment do not", "[model]"
) {
    const auto world = sample();
    const auto pods = pods_of(world, world.replica_sets[1]);
    REQUIRE(pods.size() == 1);
    CHECK(pods[0]->meta.name == "a");
    CHECK(all_pods_of(world, world.workloads[0]).size() == 3);
}

TEST_CASE("objects are found by name, an autoscaler by its target", "[model]") {
    auto world = sample();
    Autoscaler other;
    other.target_kind = "StatefulSet";
    other.target_name = "web";
    Autoscaler mine = other;
    mine.target_kind = "Deployment";
    mine.meta.name = "web-scaler";
    world.autoscalers = {other, mine};
    CHECK(find_workload(world, "web") == &world.workloads[0]);
    CHECK(find_workload(world, "api") == nullptr);
    CHECK(find_service(world, "web") == nullptr);
    REQUIRE(find_autoscaler_of(world, "web") != nullptr);
    CHECK(find_autoscaler_of(world, "web")->meta.name == "web-scaler");
}

TEST_CASE("Services that select labels are all found, and endpoints by Service", "[model]") {
    World world;
    Service web;
    web.meta.name = "web";
    web.selector = {{"app", "web"}};
    auto canary = web;
    canary.meta.name = "web-canary";
    canary.selector["track"] = "canary";
    Service headless;
    world.services = {web, canary, headless};
    const auto found = services_selecting(world, {{"app", "web"}});
    REQUIRE(found.size() == 1);
    CHECK(found[0]->meta.name == "web");
    CHECK(services_selecting(world, {{"app", "web"}, {"track", "canary"}}).size() == 2);

    world.endpoints = {{"web", "a", "1", true, true, false}, {"api", "b", "2", true, true, false}};
    REQUIRE(endpoints_of(world, "web").size() == 1);
    CHECK(endpoints_of(world, "web")[0]->pod == "a");
}
