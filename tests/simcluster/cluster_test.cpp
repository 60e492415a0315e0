// SPDX-License-Identifier: Apache-2.0
#include "simcluster/builders.hpp"
#include "simcluster/run.hpp"
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
    ObjectRef service = in_shop(Kind::service, "web");

    Shop() { cluster.add(a_deployment("web").replicas(2)).add(a_service("web")).settle(); }

    WriteReply patch(const ObjectRef& ref, const JsonPatch& changes) {
        return run(cluster.patch(ref, changes));
    }

    std::string traffic() { return to_text(served_by(cluster.world(), "web")); }
};

Value candidate(const std::string& version) {
    return a_deployment("web-canary")
        .replicas(2)
        .image("registry/shop/web:" + version)
        .set(
            "/spec/selector/matchLabels",
            Value::map({{"app", "web"}, {"deployctl.dev/track", "canary"}})
        )
        .set(
            "/spec/template/metadata/labels",
            Value::map({{"app", "web"}, {"deployctl.dev/track", "canary"}})
        );
}

JsonPatch select(const char* key, const std::string& value) {
    return {{PatchVerb::replace, "/spec/selector", Value::map({{"app", "web"}, {key, value}})}};
}

}  // namespace

TEST_CASE("a rehearsed patch shows what would be, and changes nothing", "[fakes]") {
    Shop shop;
    const auto before = shop.cluster.object(shop.web);
    const auto reply =
        run(shop.cluster.rehearse(shop.web, {{PatchVerb::replace, "/spec/replicas", 9}}));
    CHECK(reply.answer == WriteAnswer::done);
    CHECK(reply.object.number("/spec/replicas") == 9);
    CHECK(shop.cluster.object(shop.web) == before);
}

TEST_CASE("of two patches that test the same fence one lands", "[fakes]") {
    Shop shop;
    const auto fence = annotation_pointer(mark::fence);
    const JsonPatch adopt{
        {PatchVerb::test, fence, nullptr},
        {PatchVerb::add, fence, "web/1/1.1"},
        {PatchVerb::replace, "/spec/replicas", 3},
    };
    CHECK(shop.patch(shop.web, adopt).answer == WriteAnswer::done);
    CHECK(shop.patch(shop.web, adopt).answer == WriteAnswer::conflict);
    CHECK(shop.cluster.object(shop.web).number("/spec/replicas") == 3);
}

TEST_CASE(
    "a patch is one step: what fails changes nothing, what lands raises the version", "[fakes]"
) {
    Shop shop;
    const auto before = shop.cluster.object(shop.web);
    const JsonPatch half{
        {PatchVerb::replace, "/spec/replicas", 9},
        {PatchVerb::test, "/metadata/uid", "another"},
    };
    CHECK(shop.patch(shop.web, half).answer == WriteAnswer::conflict);
    CHECK(shop.cluster.object(shop.web) == before);

    const auto reply = shop.patch(shop.web, {{PatchVerb::replace, "/spec/replicas", 9}});
    CHECK(reply.object.number("/metadata/generation") == before.number("/metadata/generation") + 1);
    CHECK(
        reply.object.text("/metadata/resourceVersion") != before.text("/metadata/resourceVersion")
    );
    CHECK(reply.object.at("/status") == before.at("/status"));
}

TEST_CASE("the server refuses what the real one refuses", "[fakes]") {
    Shop shop;
    const JsonPatch selector{{PatchVerb::replace, "/spec/selector/matchLabels/app", "other"}};
    const JsonPatch status{{PatchVerb::replace, "/status/readyReplicas", 99}};
    const JsonPatch replicas{{PatchVerb::replace, "/spec/replicas", -1}};
    CHECK(shop.patch(shop.web, selector).answer == WriteAnswer::invalid);
    CHECK(shop.patch(shop.web, replicas).answer == WriteAnswer::invalid);
    CHECK(shop.patch(shop.web, status).answer == WriteAnswer::done);
    CHECK(shop.cluster.object(shop.web).number("/status/readyReplicas") == 2);
    CHECK(shop.patch(in_shop(Kind::deployment, "gone"), replicas).answer == WriteAnswer::not_found);

    const Value second = a_deployment("web");
    CHECK(run(shop.cluster.create(shop.web, second)).answer == WriteAnswer::conflict);
    shop.cluster.forbid("patch", "services");
    CHECK(shop.patch(shop.service, select("x", "y")).answer == WriteAnswer::forbidden);
    const std::vector<Permission> wanted{{"patch", "", "services"}, {"get", "", "services"}};
    CHECK(run(shop.cluster.missing_permissions(wanted)).size() == 1);
}

TEST_CASE("a snapshot's data can never be changed", "[fakes]") {
    Shop shop;
    const auto ref = in_shop(Kind::controller_revision, "deployctl-web-1");
    const auto record = Value::map({{"data", Value::map({{"plan", "x"}})}, {"revision", 1}});
    CHECK(run(shop.cluster.create(ref, record)).answer == WriteAnswer::done);
    CHECK(
        shop.patch(ref, {{PatchVerb::replace, "/data/plan", "y"}}).answer == WriteAnswer::invalid
    );
}

TEST_CASE("removing needs the uid and the version that were seen", "[fakes]") {
    Shop shop;
    const auto seen = shop.cluster.object(shop.service);
    const auto uid = seen.text("/metadata/uid");
    const auto version = seen.text("/metadata/resourceVersion");
    CHECK(run(shop.cluster.remove(shop.service, uid, "1")).answer == WriteAnswer::conflict);
    CHECK(run(shop.cluster.remove(shop.service, uid, version)).answer == WriteAnswer::done);
    CHECK(run(shop.cluster.remove(shop.service, uid, version)).answer == WriteAnswer::not_found);
    shop.cluster.settle();
    CHECK(shop.cluster.world().endpoints.empty());
}

TEST_CASE("defaults are filled in, and an empty map of annotations is none", "[fakes]") {
    VirtualClock clock;
    SimCluster cluster(clock);
    cluster.add(a_deployment("web").set("/metadata/annotations", Value::map()));
    const auto web = cluster.object(in_shop(Kind::deployment, "web"));
    CHECK_FALSE(web.has("/metadata/annotations"));
    CHECK(web.text("/spec/template/spec/restartPolicy") == "Always");
    CHECK(web.text("/spec/template/spec/containers/0/imagePullPolicy") == "IfNotPresent");
}

TEST_CASE(
    "endpoints follow after their lag, and a leaving pod is no longer ready there", "[fakes]"
) {
    Shop shop;
    const auto pod = shop.cluster.world().pods.front().meta;
    shop.cluster.erase(in_shop(Kind::pod, pod.name));
    CHECK(served_by(shop.cluster.world(), "web").ready_endpoints == 2);

    shop.clock.advance(milliseconds(99));
    CHECK(served_by(shop.cluster.world(), "web").ready_endpoints == 2);
    shop.clock.advance(milliseconds(1));
    CHECK(served_by(shop.cluster.world(), "web").ready_endpoints == 1);
    const auto endpoints = endpoints_of(shop.cluster.world(), "web");
    const auto leaving = std::ranges::find(endpoints, pod.uid, &Endpoint::pod_uid);
    REQUIRE(leaving != endpoints.end());
    CHECK((*leaving)->terminating);
    CHECK((*leaving)->serving);
}

TEST_CASE("requests sent to a pod that is gone before its endpoint are lost", "[fakes]") {
    VirtualClock clock;
    Pace pace;
    pace.endpoints = seconds(3);
    SimCluster cluster(clock, pace);
    cluster.add(a_deployment("web").replicas(2)).add(a_service("web")).settle();
    cluster.erase(in_shop(Kind::pod, cluster.world().pods.front().meta.name));
    clock.advance(seconds(2));
    CHECK(to_text(served_by(cluster.world(), "web")) == "lost 50%, v1 50%");
}

TEST_CASE(
    "a Service is pinned by the hash of stable, by the track of the candidate, and freed", "[fakes]"
) {
    Shop shop;
    const auto hash = shop.cluster.world().replica_sets.front().hash;
    CHECK(shop.patch(shop.service, select("pod-template-hash", hash)).answer == WriteAnswer::done);
    shop.cluster.add(candidate("v2")).settle();
    CHECK(shop.traffic() == "v1 100%");

    CHECK(
        shop.patch(shop.service, select("deployctl.dev/track", "canary")).answer ==
        WriteAnswer::done
    );
    shop.cluster.settle();
    CHECK(shop.traffic() == "v2 100%");

    const JsonPatch unpin{{PatchVerb::remove, "/spec/selector/deployctl.dev~1track"}};
    CHECK(shop.patch(shop.service, unpin).answer == WriteAnswer::done);
    shop.cluster.settle();
    CHECK(shop.traffic() == "v1 50%, v2 50%");

    CHECK(
        shop.patch(shop.service, select("pod-template-hash", "none")).answer == WriteAnswer::done
    );
    shop.cluster.settle();
    CHECK(shop.traffic() == "nobody");
}

TEST_CASE(
    "an autoscaler sizes its target between its limits, and holds it where they are equal",
    "[fakes]"
) {
    Shop shop;
    shop.cluster.add(an_autoscaler("web").between(2, 5));
    shop.cluster.autoscaler_wants("web", 9);
    shop.cluster.settle();
    CHECK(shop.cluster.object(shop.web).number("/spec/replicas") == 5);

    const auto autoscaler = in_shop(Kind::autoscaler, "web");
    const JsonPatch hold{
        {PatchVerb::replace, "/spec/minReplicas", 3},
        {PatchVerb::replace, "/spec/maxReplicas", 3},
    };
    CHECK(shop.patch(autoscaler, hold).answer == WriteAnswer::done);
    shop.cluster.settle();
    CHECK(shop.cluster.object(shop.web).number("/spec/replicas") == 3);

    CHECK(
        shop.patch(shop.web, {{PatchVerb::replace, "/spec/replicas", 0}}).answer ==
        WriteAnswer::done
    );
    shop.cluster.settle();
    CHECK(shop.cluster.object(shop.web).number("/spec/replicas") == 0);
}

TEST_CASE("waiting ends with the next change, or after as long as was asked for", "[fakes]") {
    Shop shop;
    run(shop.cluster.look());
    const auto begin = shop.clock.elapsed();
    run(shop.cluster.wait_for_change(seconds(7)));
    CHECK(shop.clock.elapsed() - begin == seconds(7));

    shop.clock.call_in(seconds(2), [&] {
        shop.cluster.edit(shop.web, [](Value& object) { object.set("/spec/replicas", 3); });
    });
    run(shop.cluster.wait_for_change(seconds(7)));
    CHECK(shop.clock.elapsed() - begin == seconds(9) + milliseconds(5));
}

TEST_CASE("what the engine looks at lags behind by the delay of the watches", "[fakes]") {
    VirtualClock clock;
    Pace pace;
    pace.watch = milliseconds(500);
    SimCluster cluster(clock, pace);
    cluster.add(a_deployment("web").replicas(2));
    const auto seen = [&] { return find_workload(run(cluster.look()), "web")->replicas; };
    CHECK(seen() == 2);

    const JsonPatch scale{{PatchVerb::replace, "/spec/replicas", 3}};
    run(cluster.patch(in_shop(Kind::deployment, "web"), scale));
    CHECK(find_workload(cluster.world(), "web")->replicas == 3);
    CHECK(seen() == 2);
    clock.advance(milliseconds(500));
    CHECK(seen() == 3);
}

TEST_CASE("writes are recorded with their answers, and print as what they change", "[fakes]") {
    Shop shop;
    const auto fence = annotation_pointer(mark::fence);
    shop.patch(
        shop.web, {{PatchVerb::add, fence, "web/1/1.1"}, {PatchVerb::replace, "/spec/replicas", 4}}
    );
    shop.patch(
        shop.web, {{PatchVerb::test, fence, "other"}, {PatchVerb::replace, "/spec/replicas", 5}}
    );
    shop.patch(shop.web, {{PatchVerb::replace, fence, "web/1/1.2"}});
    shop.patch(shop.service, select("pod-template-hash", "abc"));
    const Value tombstone = candidate("v2");
    run(shop.cluster.create(in_shop(Kind::deployment, "web-canary"), tombstone));
    CHECK(
        shop.cluster.writes_text() ==
        "patch Deployment/web: replicas=4\n"
        "patch Deployment/web: replicas=5  (conflict)\n"
        "patch Deployment/web: claim\n"
        "patch Service/web: selector={\"app\":\"web\",\"pod-template-hash\":\"abc\"}\n"
        "create Deployment/web-canary\n"
    );
    CHECK(shop.cluster.writes().front().at > Duration{});
}

TEST_CASE("observers see every change", "[fakes]") {
    Shop shop;
    int least = 100;
    shop.cluster.watch([&](const World& world) { least = std::min(least, ready_pods(world, "v1")); }
    );
    shop.cluster.erase(in_shop(Kind::pod, shop.cluster.world().pods.front().meta.name));
    shop.cluster.settle();
    CHECK(least == 1);
    CHECK(ready_pods(shop.cluster.world(), "v1") == 2);
}

TEST_CASE("two runs of the same test are the same", "[fakes]") {
    const auto history = [] {
        Shop shop;
        std::string text;
        shop.cluster.behave("v2", flaky(seconds(3)));
        shop.cluster.watch([&](const World& world) {
            text += to_text(world.boot.since_boot) + " " + to_text(served_by(world, "web")) + "\n";
        });
        shop.cluster.edit(shop.web, [](Value& object) {
            object.set("/spec/template/spec/containers/0/image", "registry/shop/web:v2");
        });
        shop.clock.advance(minutes(5));
        return text;
    };
    const auto first = history();
    CHECK(first == history());
    CHECK(first.size() > 1000);
}

TEST_CASE(
    "a copied object loses what was its own cluster's, and lives in this namespace", "[fakes]"
) {
    VirtualClock clock;
    SimCluster cluster(clock, {}, "orders");
    Value real = a_deployment("web").replicas(2);
    real.set("/metadata/namespace", "orders");
    real.set("/metadata/uid", "of-the-real-one");
    real.set("/status/readyReplicas", 17);
    real.erase("/kind");
    cluster.copy(Kind::deployment, real).settle();
    const auto ref = cluster.ref_to(Kind::deployment, "web");
    CHECK(ref.kube_namespace == "orders");
    const auto copy = cluster.object(ref);
    CHECK(copy.text("/metadata/uid") != "of-the-real-one");
    CHECK(copy.number("/status/readyReplicas") == 2);
    CHECK(
        run(cluster.ask_pods({{cluster.world().pods.at(0).meta.name, 8080, "/"}})).at(0).status ==
        200
    );
}
