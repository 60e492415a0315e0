// SPDX-License-Identifier: Apache-2.0
#include "model/error.hpp"
#include "simcluster/builders.hpp"
#include "simcluster/kubelet.hpp"
#include "simcluster/run.hpp"
#include "simcluster/sim_cluster.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;

namespace {

struct OnePod {
    VirtualClock clock;
    SimCluster cluster{clock};

    explicit OnePod(Behaviour behaviour) {
        cluster.behave("v1", std::move(behaviour));
        cluster.add(a_deployment("web").replicas(1));
        clock.advance(milliseconds(100));
    }

    const Pod& pod() { return cluster.world().pods.at(0); }

    const ContainerStatus& container() { return pod().containers.at(0); }
};

std::vector<std::string> reasons(const World& world) {
    std::vector<std::string> all;
    for (const auto& notice : world.notices) {
        all.push_back(notice.reason);
    }
    return all;
}

}  // namespace

TEST_CASE("a good pod is pending, runs, and gets ready", "[fakes]") {
    OnePod test(good().starting_in(seconds(2)).ready_in(seconds(3)));
    CHECK(test.pod().phase == "Pending");
    CHECK(test.container().state.reason == "ContainerCreating");

    test.clock.advance(seconds(3));
    CHECK(test.pod().phase == "Running");
    CHECK_FALSE(test.pod().ready);

    test.clock.advance(seconds(3));
    CHECK(test.pod().ready);
    CHECK(test.container().ready);
    CHECK(test.container().restarts == 0);
}

TEST_CASE("the kubelet waits 10 s, 20 s, 40 s up to 5 min between restarts", "[fakes]") {
    CHECK(crash_back_off(0) == seconds(0));
    CHECK(crash_back_off(1) == seconds(10));
    CHECK(crash_back_off(2) == seconds(20));
    CHECK(crash_back_off(3) == seconds(40));
    CHECK(crash_back_off(6) == seconds(300));
    CHECK(crash_back_off(60) == seconds(300));
}

TEST_CASE("a crash loop restarts at once, then after 10 s, then after 20 s", "[fakes]") {
    OnePod test(crashing(3));
    test.clock.advance(seconds(4));
    CHECK(test.container().restarts == 1);

    test.clock.advance(seconds(2));
    CHECK(test.container().state.reason == "CrashLoopBackOff");
    REQUIRE(test.container().previous);
    CHECK(test.container().previous->exit_code == 3);
    CHECK(test.container().previous->reason == "Error");

    test.clock.advance(seconds(10));
    CHECK(test.container().restarts == 2);
    test.clock.advance(seconds(15));
    CHECK(test.container().restarts == 2);
    test.clock.advance(seconds(6));
    CHECK(test.container().restarts == 3);
    CHECK_FALSE(test.pod().ready);
    CHECK(reasons(test.cluster.world()) == std::vector<std::string>{"BackOff"});
}

TEST_CASE("a pod that crashes at first runs after so many restarts", "[fakes]") {
    OnePod test(crashing_at_first(2));
    test.clock.advance(seconds(30));
    CHECK(test.pod().ready);
    CHECK(test.container().restarts == 2);
}

TEST_CASE("a flaky pod is ready for a while, then crashes", "[fakes]") {
    OnePod test(flaky(seconds(5)));
    test.clock.advance(seconds(4));
    CHECK(test.pod().ready);

    test.clock.advance(seconds(4));
    CHECK_FALSE(test.pod().ready);
    test.clock.advance(seconds(2));
    CHECK(test.container().restarts == 1);
}

TEST_CASE("a pod that was killed for its memory says so", "[fakes]") {
    OnePod test(out_of_memory());
    test.clock.advance(seconds(10));
    REQUIRE(test.container().previous);
    CHECK(test.container().previous->reason == "OOMKilled");
    CHECK(test.container().previous->exit_code == 137);
}

TEST_CASE("an image that is missing is tried again and again", "[fakes]") {
    OnePod test(missing_image());
    test.clock.advance(seconds(2));
    CHECK(test.container().state.reason == "ErrImagePull");
    CHECK(test.container().state.message.find("not found") != std::string::npos);
    CHECK(test.pod().phase == "Pending");

    test.clock.advance(seconds(2));
    CHECK(test.container().state.reason == "ImagePullBackOff");
    CHECK(reasons(test.cluster.world()) == std::vector<std::string>{"Failed", "BackOff"});
}

TEST_CASE("a pod without its config, and one without a node, never run", "[fakes]") {
    OnePod test(missing_config());
    test.clock.advance(seconds(10));
    CHECK(test.container().state.reason == "CreateContainerConfigError");
    CHECK(test.container().state.message == "configmap \"web-config\" not found");

    OnePod other(unschedulable());
    other.clock.advance(seconds(10));
    CHECK(other.pod().node.empty());
    const auto* scheduled = find_condition(other.pod().conditions, "PodScheduled");
    REQUIRE(scheduled != nullptr);
    CHECK(scheduled->reason == "Unschedulable");
    CHECK(reasons(other.cluster.world()) == std::vector<std::string>{"FailedScheduling"});
}

TEST_CASE("a pod that is never ready, or not any more, gets warnings that count", "[fakes]") {
    OnePod test(never_ready());
    test.clock.advance(seconds(35));
    CHECK_FALSE(test.pod().ready);
    REQUIRE(test.cluster.world().notices.size() == 1);
    CHECK(test.cluster.world().notices[0].reason == "Unhealthy");
    CHECK(test.cluster.world().notices[0].count == 3);

    OnePod other(turning_unready(seconds(5)));
    other.clock.advance(seconds(5));
    CHECK(other.pod().ready);
    other.clock.advance(seconds(5));
    CHECK_FALSE(other.pod().ready);
}

TEST_CASE("a deleted pod terminates first and another one takes its place", "[fakes]") {
    OnePod test(good().stopping_in(seconds(4)));
    test.cluster.settle();
    const auto name = test.pod().meta.name;

    test.cluster.erase(in_shop(Kind::pod, name));
    test.clock.advance(seconds(3));
    CHECK(test.cluster.world().pods.size() == 2);

    test.clock.advance(seconds(2));
    REQUIRE(test.cluster.world().pods.size() == 1);
    CHECK(test.pod().meta.name != name);
}

TEST_CASE("pods answer over HTTP as their image was described", "[fakes]") {
    OnePod test(failing_requests(0.25).answering("/slow", {200, "ok", 0, {}, seconds(9)}));
    test.cluster.settle();
    PodRequest request{test.pod().meta.name, 8080, "/version"};
    std::vector<int> statuses;
    for (const auto& answer : run(test.cluster.ask_pods({4, request}))) {
        statuses.push_back(answer.status);
    }
    CHECK(statuses == std::vector<int>{200, 200, 200, 500});
    CHECK(run(test.cluster.ask_pods({request})).at(0).body == "{\"version\":\"v1\"}");

    request.path = "/slow";
    const auto begun = test.clock.elapsed();
    const auto late = run(test.cluster.ask_pods({2, request}));
    CHECK(late.at(0).failure == "no answer within 3s");
    CHECK_FALSE(late.at(0).is_lost());
    CHECK(test.clock.elapsed() - begun == seconds(3));  // side by side
    request.pod = "web-gone";
    CHECK(run(test.cluster.ask_pods({request})).at(0).is_lost());
}

TEST_CASE("the log of the run before is there once there was one", "[fakes]") {
    OnePod test(crashing().saying({"panic: no database"}));
    LogQuery query{test.pod().meta.name, "web", 40, LogQuery::Run::previous};
    CHECK_THROWS_AS(run(test.cluster.log(query)), Error);

    test.clock.advance(seconds(10));
    CHECK(
        run(test.cluster.log(query)) == std::vector<std::string>{"starting", "panic: no database"}
    );
    query.lines = 1;
    CHECK(run(test.cluster.log(query)) == std::vector<std::string>{"panic: no database"});
}

TEST_CASE("a version that turns bad takes the pods that run already with it", "[fakes]") {
    OnePod one(good());
    one.cluster.settle();
    REQUIRE(one.pod().ready);
    SECTION("they crash") {
        one.cluster.turn("v1", crashing());
        one.clock.advance(milliseconds(10));
        CHECK_FALSE(one.pod().ready);
        one.clock.advance(seconds(5));
        CHECK(one.container().restarts > 0);
    }
    SECTION("they are unready") {
        one.cluster.turn("v1", never_ready());
        one.clock.advance(minutes(2));
        CHECK_FALSE(one.pod().ready);
    }
    SECTION("those of another version do not care") {
        one.cluster.turn("v2", crashing());
        one.clock.advance(minutes(2));
        CHECK(one.pod().ready);
    }
}
