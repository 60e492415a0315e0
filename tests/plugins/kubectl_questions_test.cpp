// SPDX-License-Identifier: Apache-2.0
// What the cluster adapter asks of a scripted API server, and how often.
#include "documents/json.hpp"
#include "tests/plugins/kubectl_bench.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

using namespace deployctl;
using namespace deployctl::tests;

TEST_CASE("permissions are asked side by side, those missing come back", "[plugins][kubectl]") {
    Meeting meeting(4);
    Api api;
    api.others["/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"] = [&](Exchange& exchange) {
        const auto asked = documents::read_json(exchange.body()).at("/spec/resourceAttributes");
        const bool allowed = asked.text("/verb") == "get" && asked.text("/namespace") == "shop";
        exchange.answer(
            meeting.join() ? 201 : 500,
            allowed ? R"({"status":{"allowed":true}})" : R"({"status":{"allowed":false}})"
        );
    };
    Bench bench(api);
    std::vector<Permission> wanted{
        {"get", "apps", "deployments"},
        {"create", "", "pods/proxy"},
        {"get", "", "nodes"},
        {"get", "", "pods/log"}
    };
    const auto missing = run(bench.cluster.missing_permissions(wanted));
    REQUIRE(missing.size() == 2);
    CHECK(missing[0].resource == "pods/proxy");
    CHECK(missing[1].resource == "nodes");
    CHECK(run(bench.cluster.missing_permissions({})).empty());
}

TEST_CASE("the rules that two questions in a row share are asked for once", "[plugins][kubectl]") {
    Api api;
    api.others["/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"] = [](Exchange& exchange) {
        exchange.answer(
            201,
            R"({"status":{"resourceRules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]}})"
        );
    };
    api.others["/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"] = [](Exchange& exchange) {
        exchange.answer(201, R"({"status":{"allowed":false}})");
    };
    Bench bench(api);
    play(bench, [](Bench& used) -> Task<> {
        const std::vector<Permission> asked{{"get", "", "pods"}, {"patch", "", "services"}};
        for (int again = 0; again < 2; ++again) {
            const auto missing = co_await used.cluster.missing_permissions(asked);
            CHECK(missing.size() == 1);
        }
        CHECK(used.count("selfsubjectrulesreviews") == 1);
        CHECK(used.count("selfsubjectaccessreviews") == 2);  // what is missing may be granted since
        co_await used.clock.sleep(milliseconds(1100));
        co_await used.cluster.missing_permissions(asked);
        CHECK(used.count("selfsubjectrulesreviews") == 2);
    });
}

TEST_CASE("a call is given up after the time that is set for one", "[plugins][kubectl]") {
    Api api;
    api.others["/apis/apps/v1/namespaces/shop/deployments/web"] = [](Exchange& exchange) {
        exchange.hang();
    };
    Bench bench(api, seconds(10), milliseconds(300));
    const ObjectRef web{Kind::deployment, "shop", "web"};
    const auto begun = bench.clock.boot_time();
    CHECK(run(bench.cluster.patch(web, {})).answer == WriteAnswer::unknown);
    CHECK_THROWS_AS(run(bench.cluster.get(web)), Error);
    CHECK(bench.clock.boot_time() - begun < seconds(10));  // which the ports' own limit is
}

TEST_CASE("what the rules grant for certain is not asked one by one", "[plugins][kubectl]") {
    static std::string status;
    Api api;
    api.others["/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"] = [](Exchange& exchange) {
        CHECK(documents::read_json(exchange.body()).text("/spec/namespace") == "shop");
        exchange.answer(201, R"({"status":)" + status + "}");
    };
    api.others["/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"] = [](Exchange& exchange) {
        exchange.answer(201, R"({"status":{"allowed":false}})");
    };
    const std::vector<Permission> wanted{
        {"get", "apps", "deployments"},
        {"patch", "", "services"},
        {"get", "", "pods/log"},
        {"get", "", "nodes"},
    };
    const auto missing_with = [&](const std::string& rules) {
        status = rules;
        Bench bench(api);
        const auto missing = run(bench.cluster.missing_permissions(wanted));
        CHECK(bench.count("selfsubjectaccessreviews") == static_cast<int>(missing.size()));
        std::string text;
        for (const auto& one : missing) {
            text += one.resource + " ";
        }
        return text;
    };
    const std::string apps = R"({"verbs":["*"],"apiGroups":["apps"],"resources":["deployments"]})";
    const std::string any =
        R"({"verbs":["get","patch"],"apiGroups":[""],"resources":["services","*/log","nodes"]})";
    const std::string named =
        R"({"verbs":["patch"],"apiGroups":["*"],"resources":["*"],"resourceNames":["web"]})";
    // A node is in no namespace: its rules say nothing of it.
    CHECK(missing_with(R"({"resourceRules":[)" + apps + "," + any + "]}") == "nodes ");
    CHECK(
        missing_with(R"({"resourceRules":[)" + apps + "," + named + "]}") ==
        "services pods/log nodes "
    );
    CHECK(
        missing_with(R"({"incomplete":true,"resourceRules":[)" + apps + "]}") ==
        "deployments services pods/log nodes "
    );
}

TEST_CASE(
    "the first look does not wait for the events, a later one has them", "[plugins][kubectl]"
) {
    static std::atomic<bool> looked;
    looked = false;
    Api api;
    api.lists["events"] = [](Exchange& exchange) {
        if (!soon([] { return looked.load(); })) {
            return;  // nobody looked: the connection ends, and with it the test
        }
        const std::string event =
            R"({"metadata":{"name":"e"},"reason":"FailedCreate","type":"Warning"})";
        exchange.answer(200, list_of("10", event));
    };
    Bench bench(api);
    play(bench, [](Bench& used) -> Task<> {
        const auto world = co_await used.cluster.look();
        CHECK(world.notices.empty());
        looked = true;
        const Holds holds = [](const World& one) { return one.notices.size() == 1; };
        co_await look_until(used, holds);
    });
}

TEST_CASE("events that every good pod brings are not asked for", "[plugins][kubectl]") {
    Bench bench({});
    play(bench, [](Bench& used) -> Task<> {
        co_await look_when_watching(used);
        const auto selector = "fieldSelector=reason%21%3DScheduled%2C";
        CHECK(used.count(std::string("/events?limit=500&") + selector) == 1);
        CHECK(used.count(selector) == 2);  // the list and the watch
    });
}

TEST_CASE(
    "what is listed of the whole cluster comes a page at a time, whatever is in a namespace",
    "[plugins][kubectl]"
) {
    Api api;
    api.others["/api/v1/pods?limit=500"] = [](Exchange& exchange) {
        const bool second = exchange.target().find("&continue=n%2F1") != std::string::npos;
        exchange.answer(
            200, second ? list_of("1", object("b", "1")) : list_of("1", object("a", "1"), "n/1")
        );
    };
    Bench bench(api);
    ListQuery query{Kind::pod, Reach::everywhere};
    const auto first = run(bench.cluster.list(query));
    REQUIRE(first.items.size() == 1);
    CHECK(first.next == "n/1");
    query.after = first.next;
    const auto second = run(bench.cluster.list(query));
    REQUIRE(second.items.size() == 1);
    CHECK(second.items[0].text("/metadata/name") == "b");
    CHECK(second.next.empty());
}

TEST_CASE(
    "a permission for the whole cluster is asked for without a namespace", "[plugins][kubectl]"
) {
    Api api;
    api.others["/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"] = [](Exchange& exchange) {
        exchange.answer(
            201,
            R"({"status":{"resourceRules":[{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}]}})"
        );
    };
    api.others["/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"] = [](Exchange& exchange) {
        const auto asked = documents::read_json(exchange.body()).at("/spec/resourceAttributes");
        const bool is_wide = !asked.has("/namespace") && asked.text("/resource") == "pods";
        exchange.answer(201, is_wide ? R"({"status":{"allowed":false}})" : "{}");
    };
    Bench bench(api);
    const std::vector<Permission> wanted{
        {"list", "", "pods"}, {"list", "", "pods", Reach::everywhere}
    };
    const auto missing = run(bench.cluster.missing_permissions(wanted));
    REQUIRE(missing.size() == 1);
    CHECK(missing[0].reach == Reach::everywhere);
}
