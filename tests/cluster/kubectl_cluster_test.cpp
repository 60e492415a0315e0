// SPDX-License-Identifier: Apache-2.0
// What plugins/kubectl promises, held against a real API server. The same through a script:
// tests/plugins/.
#include "plugins/kubectl/kubectl_cluster.hpp"

#include "documents/json.hpp"
#include "model/error.hpp"
#include "plugins/kubectl/all_of.hpp"
#include "plugins/registry/registry_client.hpp"
#include "simcluster/run.hpp"
#include "tests/cluster/lab_namespace.hpp"

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <exception>
#include <iostream>

using namespace deployctl;
using plugins::kubectl::all_of;
using plugins::kubectl::KubectlCluster;
using simcluster::run;
using tests::LabNamespace;

namespace {

const auto fence_path = annotation_pointer(mark::fence);

Value lease(const LabNamespace& lab, const std::string& name) {
    auto made = Value::map({{"apiVersion", "coordination.k8s.io/v1"}, {"kind", "Lease"}});
    made.set("/metadata/name", name);
    made.set("/metadata/namespace", lab.name());
    return made;
}

/// No pods: what a candidate looks like before it is used.
Value inert_deployment(const LabNamespace& lab, const std::string& name) {
    auto made = documents::read_json(R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{},
        "spec":{"replicas":0,"selector":{"matchLabels":{"app":"x"}},
                "template":{"metadata":{"labels":{"app":"x"}},
                            "spec":{"containers":[{"name":"app","image":"none.invalid/x:1"}]}}}})");
    made.set("/metadata/name", name);
    made.set("/metadata/namespace", lab.name());
    return made;
}

WriteAnswer patched(LabNamespace& lab, const ObjectRef& ref, const JsonPatch& patch) {
    return run(lab.cluster().patch(ref, patch)).answer;
}

Task<> and_close(KubectlCluster* cluster, Task<> scenario) {
    std::exception_ptr failure;
    try {
        co_await std::move(scenario);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await cluster->close();
    if (failure) {
        std::rethrow_exception(failure);
    }
}

void play(LabNamespace& lab, Task<> (*scenario)(LabNamespace&)) {
    run(and_close(&lab.cluster(), scenario(lab)));
}

using Holds = std::function<bool(const World&)>;

Task<World> look_until(LabNamespace& lab, Holds holds, Duration at_most = seconds(30)) {
    const auto begun = lab.clock().boot_time();
    while (lab.clock().boot_time() - begun < at_most) {
        auto world = co_await lab.cluster().look();
        if (holds(world)) {
            co_return world;
        }
        co_await lab.cluster().wait_for_change(seconds(1));
    }
    throw std::runtime_error("it never came to be");
}

/// The Deployment controller may write between the reading and the deleting: that is a conflict, so
/// read again.
Task<WriteAnswer> remove_as_it_stands(LabNamespace& lab, ObjectRef ref) {
    for (int left = 20; left > 0; --left) {
        const auto now = co_await lab.cluster().get(ref);
        const auto uid = now->text("/metadata/uid");
        const auto version = now->text("/metadata/resourceVersion");
        const auto removed = co_await lab.cluster().remove(ref, uid, version);
        if (removed.answer != WriteAnswer::conflict) {
            co_return removed.answer;
        }
    }
    co_return WriteAnswer::conflict;
}

Task<PodAnswer> ask(LabNamespace& lab, PodRequest request) {
    const std::vector<PodRequest> requests{request};
    const auto answers = co_await lab.cluster().ask_pods(requests);
    co_return answers.at(0);
}

bool has_workload(const World& world, const std::string& name, int replicas) {
    const auto* found = find_workload(world, name);
    return found != nullptr && found->replicas == replicas;
}

}  // namespace

TEST_CASE("the cluster says who it is", "[cluster]") {
    LabNamespace lab;
    const auto identity = run(lab.cluster().identify());
    CHECK(identity.uid.size() == 36);
    CHECK(identity.server_version.starts_with("v1."));
}

TEST_CASE("of forty writers with the same fence one wins, each time", "[cluster]") {
    LabNamespace lab;
    const auto ref = lab.ref(Kind::lease, "contested");
    auto object = lease(lab, "contested");
    object.set("/metadata/annotations", Value::map({{std::string(mark::fence), "0.0"}}));
    REQUIRE(run(lab.cluster().create(ref, object)).answer == WriteAnswer::done);
    for (int round = 0; round < 3; ++round) {
        std::vector<Task<WriteReply>> writers;
        for (int writer = 0; writer < 40; ++writer) {
            const JsonPatch patch{
                {PatchVerb::test, fence_path, "0." + std::to_string(round)},
                {PatchVerb::replace, fence_path, "0." + std::to_string(round + 1)},
                {PatchVerb::add, "/spec/holderIdentity", "writer-" + std::to_string(writer)},
            };
            writers.push_back(lab.cluster().patch(ref, patch));
        }
        const auto replies = run(all_of(std::move(writers)));
        const auto count = [&](WriteAnswer answer) {
            return std::ranges::count(replies, answer, &WriteReply::answer);
        };
        CHECK(count(WriteAnswer::done) == 1);
        CHECK(count(WriteAnswer::conflict) == 39);
    }
}

TEST_CASE("the first fence of an object is a compare-and-swap as well", "[cluster]") {
    LabNamespace lab;
    const auto ref = lab.ref(Kind::lease, "bare");
    REQUIRE(run(lab.cluster().create(ref, lease(lab, "bare"))).answer == WriteAnswer::done);
    const JsonPatch adopt_map{
        {PatchVerb::test, "/metadata/annotations", nullptr},
        {PatchVerb::add, "/metadata/annotations", Value::map({{std::string(mark::fence), "1.0"}})},
    };
    CHECK(patched(lab, ref, adopt_map) == WriteAnswer::done);
    CHECK(patched(lab, ref, adopt_map) == WriteAnswer::conflict);

    const JsonPatch drop{{PatchVerb::replace, "/metadata/annotations", Value::map({{"other", "x"}})}
    };
    REQUIRE(patched(lab, ref, drop) == WriteAnswer::done);
    const JsonPatch adopt_key{
        {PatchVerb::test, fence_path, nullptr}, {PatchVerb::add, fence_path, "2.0"}
    };
    CHECK(patched(lab, ref, adopt_key) == WriteAnswer::done);
    CHECK(patched(lab, ref, adopt_key) == WriteAnswer::conflict);
    const auto object = run(lab.cluster().get(ref));
    CHECK(object->text(fence_path) == "2.0");
}

TEST_CASE("a failed test and a wrong value are both 422, and told apart", "[cluster]") {
    LabNamespace lab;
    const auto ref = lab.ref(Kind::deployment, "inert");
    REQUIRE(
        run(lab.cluster().create(ref, inert_deployment(lab, "inert"))).answer == WriteAnswer::done
    );
    CHECK(patched(lab, ref, {{PatchVerb::test, "/spec/replicas", 7}}) == WriteAnswer::conflict);
    CHECK(
        patched(lab, ref, {{PatchVerb::replace, "/spec/no/such/place", 7}}) == WriteAnswer::conflict
    );
    CHECK(patched(lab, ref, {{PatchVerb::replace, "/spec/replicas", -1}}) == WriteAnswer::invalid);
    CHECK(patched(lab, ref, {{PatchVerb::replace, "/spec/replicas", "x"}}) == WriteAnswer::invalid);
    CHECK(
        patched(lab, ref, {{PatchVerb::replace, "/spec/selector/matchLabels/app", "y"}}) ==
        WriteAnswer::invalid
    );
    CHECK(
        patched(lab, lab.ref(Kind::deployment, "none"), {{PatchVerb::test, "/a", 1}}) ==
        WriteAnswer::not_found
    );
}

TEST_CASE("a rehearsed patch is answered with all defaults, and changes nothing", "[cluster]") {
    LabNamespace lab;
    const auto ref = lab.ref(Kind::deployment, "inert");
    const auto made = run(lab.cluster().create(ref, inert_deployment(lab, "inert")));
    REQUIRE(made.answer == WriteAnswer::done);
    const auto cpu = "/spec/template/spec/containers/0/resources";
    const auto half = Value::map({{"requests", Value::map({{"cpu", "0.5"}})}});
    const auto reply = run(lab.cluster().rehearse(ref, {{PatchVerb::add, cpu, half}}));
    REQUIRE(reply.answer == WriteAnswer::done);
    CHECK(reply.object.text(std::string(cpu) + "/requests/cpu") == "500m");
    CHECK(reply.object.text("/spec/template/spec/dnsPolicy") == "ClusterFirst");
    const auto live = run(lab.cluster().get(ref));
    REQUIRE(live);
    CHECK(live->at("/spec") == made.object.at("/spec"));
    const JsonPatch wrong{{PatchVerb::replace, "/spec/template/spec/containers", "none"}};
    CHECK(run(lab.cluster().rehearse(ref, wrong)).answer == WriteAnswer::invalid);
}

TEST_CASE("objects are made once, and deleted only as they were seen", "[cluster]") {
    LabNamespace lab;
    auto& cluster = lab.cluster();
    const auto ref = lab.ref(Kind::lease, "once");
    const auto made = run(cluster.create(ref, lease(lab, "once")));
    REQUIRE(made.answer == WriteAnswer::done);
    CHECK(run(cluster.create(ref, lease(lab, "once"))).answer == WriteAnswer::conflict);
    const auto uid = made.object.text("/metadata/uid");
    const auto version = made.object.text("/metadata/resourceVersion");
    CHECK(run(cluster.remove(ref, "another", version)).answer == WriteAnswer::conflict);
    CHECK(run(cluster.remove(ref, uid, "1")).answer == WriteAnswer::conflict);
    CHECK(run(list_all(cluster, Kind::lease)).size() == 1);
    CHECK(run(cluster.remove(ref, uid, version)).answer == WriteAnswer::done);
    CHECK(run(cluster.remove(ref, uid, version)).answer == WriteAnswer::not_found);
    CHECK_FALSE(run(cluster.get(ref)));
}

TEST_CASE("a look sees what was made, changed and deleted", "[cluster]") {
    LabNamespace lab;
    play(lab, [](LabNamespace& used) -> Task<> {
        const auto first = co_await used.cluster().look();
        CHECK(first.workloads.empty());
        const auto ref = used.ref(Kind::deployment, "inert");
        const auto object = inert_deployment(used, "inert");
        const auto made = co_await used.cluster().create(ref, object);
        const Holds is_made = [](const World& world) {
            return has_workload(world, "inert", 0) && world.replica_sets.size() == 1;
        };
        co_await look_until(used, is_made);
        const JsonPatch pause{
            {PatchVerb::add, "/spec/paused", true}, {PatchVerb::replace, "/spec/replicas", 0}
        };
        co_await used.cluster().patch(ref, pause);
        const Holds is_paused = [](const World& world) {
            return world.workloads.at(0).body.flag("/spec/paused");
        };
        co_await look_until(used, is_paused);
        const auto removed = co_await remove_as_it_stands(used, ref);
        CHECK(removed == WriteAnswer::done);
        const Holds is_gone = [](const World& world) { return world.workloads.empty(); };
        co_await look_until(used, is_gone);
        CHECK(made.answer == WriteAnswer::done);
    });
}

TEST_CASE("a look costs no request, and a change is seen within 100 ms", "[cluster]") {
    LabNamespace lab;
    play(lab, [](LabNamespace& used) -> Task<> {
        co_await used.cluster().look();
        const auto ref = used.ref(Kind::deployment, "inert");
        const auto object = inert_deployment(used, "inert");
        co_await used.clock().sleep(milliseconds(300));
        co_await used.cluster().look();
        co_await used.cluster().create(ref, object);
        const auto begun = used.clock().boot_time();
        const Holds is_made = [](const World& world) { return has_workload(world, "inert", 0); };
        co_await look_until(used, is_made);
        const auto took = used.clock().boot_time() - begun;
        CHECK(took < milliseconds(100));
        std::cout << "a new object is in the look after " << to_short_text(took) << "\n";
    });
}

TEST_CASE("pods are asked, and their logs read, through the API server", "[cluster]") {
    if (!tests::lab_runs_containers()) {
        WARN("NOT RUN: this lab runs no containers");
        return;
    }
    LabNamespace lab;
    lab.start_demo("web", "v1");
    play(lab, [](LabNamespace& used) -> Task<> {
        const Holds is_ready = [](const World& world) {
            return world.pods.size() == 1 && world.pods[0].ready;
        };
        const auto world = co_await look_until(used, is_ready, seconds(60));
        const auto pod = world.pods[0].meta.name;
        PodRequest request{pod, 8080, "/version", seconds(3)};
        const auto version = co_await ask(used, request);
        CHECK(version.status == 200);
        CHECK(documents::read_json(version.body).text("/version") == "v1");
        request.path = "/no/such/page";
        const auto missing = co_await ask(used, request);
        CHECK(missing.status == 404);
        request.port = 9999;
        const auto refused = co_await ask(used, request);
        CHECK(refused.status == 0);
        CHECK(refused.failure.find("connection refused") != std::string::npos);
        CHECK_FALSE(refused.is_lost());
        request.pod = "nobody";
        const auto nobody = co_await ask(used, request);
        CHECK(nobody.is_lost());

        LogQuery query{pod, world.pods[0].containers.at(0).name, 5, LogQuery::Run::present};
        const auto log = co_await used.cluster().log(query);
        REQUIRE_FALSE(log.empty());
        CHECK(log[0].find("version v1") != std::string::npos);
        query.run = LogQuery::Run::previous;
        const auto previous = co_await used.cluster().log(query);
        CHECK(previous.empty());
    });
}

TEST_CASE("missing permissions are named, and what is hidden is known", "[cluster]") {
    LabNamespace lab;
    const auto kubeconfig = lab.kubeconfig_of_account(
        {"--verb=get,list,watch",
         "--resource=deployments.apps,replicasets.apps,pods,services,endpointslices.discovery.k8s."
         "io"}
    );
    auto& small = lab.reach_by(kubeconfig);
    const std::vector<Permission> wanted{
        {"list", "", "pods"},
        {"patch", "apps", "deployments"},
        {"get", "", "pods/proxy"},
        {"watch", "apps", "deployments"},
        {"get", "", "nodes"},
    };
    const auto missing = run(small.missing_permissions(wanted));
    REQUIRE(missing.size() == 3);
    CHECK(missing[0].verb == "patch");
    CHECK(missing[1].resource == "pods/proxy");
    CHECK(run(lab.cluster().missing_permissions(wanted)).empty());
    CHECK(run(small.identify()).uid.starts_with("server-"));

    const auto ref = lab.ref(Kind::deployment, "inert");
    const auto refused = run(small.create(ref, inert_deployment(lab, "inert")));
    CHECK(refused.answer == WriteAnswer::forbidden);
    CHECK(refused.message.find("cannot create resource") != std::string::npos);

    static KubectlCluster* seen = nullptr;
    seen = &small;
    const auto scenario = []() -> Task<> {
        const auto world = co_await seen->look();
        CHECK(world.autoscalers.empty());
        CHECK(world.notices.empty());
    };
    run(and_close(seen, scenario()));
}

TEST_CASE("who may not read pods is told so", "[cluster]") {
    LabNamespace lab;
    auto& small = lab.reach_by(
        lab.kubeconfig_of_account({"--verb=get,list,watch", "--resource=deployments.apps"})
    );
    static KubectlCluster* seen = nullptr;
    seen = &small;
    const auto scenario = []() -> Task<> {
        try {
            co_await seen->look();
            FAIL("no error");
        } catch (const Error& error) {
            CHECK(error.exit() == ExitCode::blocked);
            CHECK(std::string(error.what()).find("cannot list resource") != std::string::npos);
        }
    };
    run(and_close(seen, scenario()));
}

TEST_CASE("a server that cannot be used is told before the start", "[cluster]") {
    LabNamespace lab;

    struct Row {
        std::string verb;
        std::string setting;
        std::string words;
    };

    const auto row = GENERATE(values<Row>({
        {"set-cluster",
         "--server=https://127.0.0.1:1",
         "the API server cannot be reached: HTTP 500: dial tcp"},
        {"set-cluster",
         "--tls-server-name=elsewhere",
         "the API server's certificate is not accepted: "},
        {"set-credentials",
         "--token=wrong",
         "the API server does not accept the credentials of this context"},
    }));
    auto& cluster = lab.reach_by(lab.kubeconfig_with(row.verb, row.setting));
    try {
        run(cluster.identify());
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.exit() == ExitCode::tool_missing);
        CHECK_THAT(error.what(), Catch::StartsWith(row.words));
    }
}

TEST_CASE("the lab's registry tells the digest that its pods run", "[cluster]") {
    plugins::CurlHttp http;
    plugins::RegistryClient registry(http, {});
    const auto found = run(registry.resolve(read_image(tests::lab_registry() + "/shop/web:v1")));
    CHECK(found.digest.starts_with("sha256:"));
    const auto none = run(registry.resolve(read_image(tests::lab_registry() + "/shop/web:none")));
    CHECK(none.kind == TagAnswer::Kind::no_such_tag);
}

TEST_CASE("first look and fenced patch are quick", "[cluster]") {
    LabNamespace lab;
    const auto ref = lab.ref(Kind::lease, "quick");
    const auto begun = lab.clock().boot_time();
    run(lab.cluster().identify());
    const auto ready = lab.clock().boot_time() - begun;
    run(lab.cluster().create(ref, lease(lab, "quick")));
    std::vector<Duration> times;
    for (int count = 0; count < 50; ++count) {
        const auto before = lab.clock().boot_time();
        patched(lab, ref, {{PatchVerb::add, "/spec/leaseTransitions", count}});
        times.push_back(lab.clock().boot_time() - before);
    }
    std::ranges::sort(times);
    std::cout << "proxy started and server known after " << to_short_text(ready)
              << "; 50 patches, p50 " << times[25].count() << " us, p90 " << times[45].count()
              << " us\n";
    CHECK(ready < seconds(3));
    CHECK(times[25] < milliseconds(100));
}
