// SPDX-License-Identifier: Apache-2.0
// The cluster adapter against a scripted API server; tests/cluster/ asks a real one.
#include "documents/json.hpp"
#include "tests/plugins/kubectl_bench.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <csignal>
#include <unistd.h>

using namespace deployctl;
using namespace deployctl::tests;

TEST_CASE("the first look lists every kind and gives one typed world", "[plugins][kubectl]") {
    Api api;
    api.lists["pods"] = [](Exchange& exchange) {
        const bool second = exchange.target().find("continue=page%2F2") != std::string::npos;
        exchange.answer(
            200,
            second ? list_of("10", object("b", "2")) : list_of("10", object("a", "1"), "page/2")
        );
    };
    api.lists["deployments"] = [](Exchange& exchange) {
        exchange.answer(200, list_of("11", object("web", "3")));
    };
    Bench bench(api);
    play(bench, [](Bench& used) -> Task<> {
        const auto world = co_await look_when_watching(used);
        CHECK(world.pods.size() == 2);
        REQUIRE(world.workloads.size() == 1);
        CHECK(world.workloads[0].body.text("/kind") == "Deployment");
        const auto before = used.server.requests().size();
        co_await used.cluster.look();
        CHECK(used.server.requests().size() == before);
    });
    CHECK(bench.count("/namespaces/shop/endpointslices?limit=500") == 1);
    CHECK(bench.count("/namespaces/shop/pods?watch=true") == 1);
    CHECK(bench.count("timeoutSeconds=240&resourceVersion=10") >= 1);
}

TEST_CASE("an event is in the next look, and wakes who waits for it", "[plugins][kubectl]") {
    std::atomic<bool> go = false;
    Api api;
    api.lists["pods"] = [](Exchange& exchange) {
        exchange.answer(200, list_of("10", object("a", "1")));
    };
    api.watches["pods"] = [&](Exchange& exchange) {
        exchange.begin_stream();
        while (!go) {
            usleep(1000);
        }
        exchange.chunk(event("ADDED", object("b", "11")));
        exchange.chunk(event("DELETED", object("a", "12")));
        exchange.hang();
    };
    Bench bench(api);
    static std::atomic<bool>* release = &go;
    release = &go;
    play(bench, [](Bench& used) -> Task<> {
        auto world = co_await look_when_watching(used);
        CHECK(world.pods.at(0).meta.name == "a");
        const auto before = world;
        const auto begun = used.clock.boot_time();
        co_await used.cluster.wait_for_change(milliseconds(80));
        CHECK(used.clock.boot_time() - begun >= milliseconds(79));
        world = co_await used.cluster.look();
        CHECK(shows_the_same(world, before));
        *release = true;
        co_await used.cluster.wait_for_change(seconds(30));
        CHECK(used.clock.boot_time() - begun < seconds(5));
        const Holds holds = [](const World& one) {
            return one.pods.size() == 1 && one.pods[0].meta.name == "b";
        };
        world = co_await look_until(used, holds);
        CHECK_FALSE(world.pods.is_copy_of(before.pods));
        CHECK(world.services.is_copy_of(before.services));
    });
}

TEST_CASE("after a 410 the old world stands until the new one is whole", "[plugins][kubectl]") {
    std::atomic<int> lists = 0;
    Api api;
    api.lists["pods"] = [&](Exchange& exchange) {
        if (++lists > 1) {
            usleep(150'000);
        }
        exchange.answer(200, list_of("10", object(lists > 1 ? "new" : "old", "1")));
    };
    api.watches["pods"] = [&](Exchange& exchange) {
        exchange.begin_stream();
        if (lists == 1) {
            exchange.chunk(gone);
            exchange.end();
        } else {
            exchange.hang();
        }
    };
    Bench bench(api);
    play(bench, [](Bench& used) -> Task<> {
        for (int left = 4000; left > 0; --left) {
            const auto world = co_await used.cluster.look();
            REQUIRE(world.pods.size() == 1);
            if (world.pods[0].meta.name == "new") {
                co_return;
            }
            co_await used.clock.sleep(milliseconds(5));
        }
        FAIL("no new list");
    });
    CHECK(lists == 2);
}

TEST_CASE("410 as a status of the watch lists anew as well", "[plugins][kubectl]") {
    std::atomic<int> watches = 0;
    Api api;
    api.watches["pods"] = [&](Exchange& exchange) {
        if (++watches == 1) {
            exchange.answer(410, R"({"kind":"Status","apiVersion":"v1","code":410})");
            return;
        }
        exchange.begin_stream();
        exchange.hang();
    };
    Bench bench(api);
    play(bench, [](Bench& used) -> Task<> {
        const Holds holds = [&](const World&) { return used.count("/pods?limit") == 2; };
        co_await look_until(used, holds);
    });
}

TEST_CASE("an ended stream goes on from the last version, a bookmark's too", "[plugins][kubectl]") {
    std::atomic<int> watches = 0;
    Api api;
    api.watches["pods"] = [&](Exchange& exchange) {
        exchange.begin_stream();
        if (++watches == 1) {
            exchange.chunk(event("BOOKMARK", object("", "77")));
            exchange.end();
        } else {
            exchange.hang();
        }
    };
    Bench bench(api);
    play(bench, [](Bench& used) -> Task<> {
        const Holds holds = [&](const World&) { return used.count("resourceVersion=77") == 1; };
        co_await look_until(used, holds);
        CHECK(used.count("/pods?limit") == 1);
    });
}

TEST_CASE("a broken connection lists anew and misses nothing", "[plugins][kubectl]") {
    std::atomic<int> lists = 0;
    Api api;
    api.lists["pods"] = [&](Exchange& exchange) {
        exchange.answer(200, list_of("10", ++lists > 1 ? object("b", "2") : object("a", "1")));
    };
    Bench bench(api);
    play(bench, [](Bench& used) -> Task<> {
        co_await look_when_watching(used);
        used.server.drop_all();
        const Holds holds = [](const World& world) {
            return world.pods.size() == 1 && world.pods[0].meta.name == "b";
        };
        co_await look_until(used, holds);
    });
}

TEST_CASE("a kind that must be read and may not be is named", "[plugins][kubectl]") {
    Api api;
    api.lists["pods"] = [](Exchange& exchange) {
        exchange.answer(
            403, R"({"kind":"Status","apiVersion":"v1","message":"pods is forbidden: cannot list"})"
        );
    };
    Bench bench(api);
    play(bench, [](Bench& used) -> Task<> {
        try {
            co_await used.cluster.look();
            FAIL("no error");
        } catch (const Error& error) {
            CHECK(error.exit() == ExitCode::blocked);
            CHECK(std::string(error.what()) == "pods is forbidden: cannot list");
        }
    });
}

TEST_CASE(
    "a permission that is taken away under way is a lost connection, and no refusal",
    "[plugins][kubectl]"
) {
    static std::atomic<bool> is_refused;
    is_refused = false;
    const Script refuse = [](Exchange& exchange) {
        exchange.answer(403, R"({"kind":"Status","apiVersion":"v1","message":"forbidden"})");
    };
    Api api;
    for (const auto* plural : {"pods", "events"}) {
        api.lists[plural] = [refuse](Exchange& exchange) {
            is_refused ? refuse(exchange) : exchange.answer(200, list_of("10", object("a", "1")));
        };
        api.watches[plural] = [refuse](Exchange& exchange) {
            if (is_refused) {
                refuse(exchange);
                return;
            }
            exchange.begin_stream();
            exchange.hang();
        };
    }
    Bench bench(api, seconds(2));
    play(bench, [](Bench& used) -> Task<> {
        co_await look_when_watching(used);
        is_refused = true;
        used.server.drop_all();
        const auto world = co_await used.cluster.look();
        CHECK(world.pods.size() == 1);
        co_await used.clock.sleep(milliseconds(2500));
        try {
            co_await used.cluster.look();
            FAIL("no error");
        } catch (const Error& error) {
            CHECK(error.exit() == ExitCode::stopped_watching);
        }
        is_refused = false;
        const Holds holds = [](const World& seen) { return seen.pods.size() == 1; };
        co_await used.clock.sleep(milliseconds(2500));  // the longest pause between two attempts
        co_await look_until(used, holds);
    });
}

TEST_CASE("kinds that may be hidden are empty", "[plugins][kubectl]") {
    Api api;
    for (const auto* plural : {"horizontalpodautoscalers", "poddisruptionbudgets", "events"}) {
        api.lists[plural] = [](Exchange& exchange) {
            exchange.answer(
                403, R"({"kind":"Status","apiVersion":"v1","message":"forbidden: cannot list"})"
            );
        };
    }
    Bench bench(api);
    play(bench, [](Bench& used) -> Task<> {
        const auto world = co_await used.cluster.look();
        CHECK(world.autoscalers.empty());
        CHECK(world.notices.empty());
    });
}

TEST_CASE("who may list but not watch is not polled", "[plugins][kubectl]") {
    Api api;
    api.watches["events"] = [](Exchange& exchange) {
        exchange.answer(
            403, R"({"kind":"Status","apiVersion":"v1","message":"cannot watch events"})"
        );
    };
    Bench bench(api);
    play(bench, [](Bench& used) -> Task<> {
        co_await used.cluster.look();
        co_await used.clock.sleep(milliseconds(300));
        CHECK(used.count("/events?limit") == 1);
    });
}

TEST_CASE("a server that has gone silent is not taken for a quiet one", "[plugins][kubectl]") {
    Api api;
    api.others["/version"] = [](Exchange& exchange) { exchange.hang(); };
    Bench bench(api, seconds(2));
    play(bench, [](Bench& used) -> Task<> {
        co_await used.cluster.look();
        co_await used.clock.sleep(milliseconds(2200));
        try {
            co_await used.cluster.look();
            FAIL("no error");
        } catch (const Error& error) {
            CHECK(error.exit() == ExitCode::stopped_watching);
            CHECK(std::string(error.what()).starts_with("the API server is silent: "));
        }
    });
}

TEST_CASE("a quiet server that answers when asked is trusted", "[plugins][kubectl]") {
    Bench bench(Api{}, seconds(1));
    play(bench, [](Bench& used) -> Task<> {
        co_await used.cluster.look();
        co_await used.clock.sleep(milliseconds(1200));
        CHECK_NOTHROW(co_await used.cluster.look());
    });
}

TEST_CASE("a lost connection is tolerated for a while, then told", "[plugins][kubectl]") {
    std::atomic<bool> down = false;
    Api api;
    api.lists["pods"] = [&](Exchange& exchange) {
        if (!down) {
            exchange.answer(200, list_of("10", object("a", "1")));
        }
    };
    api.watches["pods"] = [&](Exchange& exchange) {
        exchange.begin_stream();
        usleep(50'000);
        down = true;
    };
    Bench bench(api, seconds(2));
    play(bench, [](Bench& used) -> Task<> {
        auto world = co_await used.cluster.look();
        co_await used.clock.sleep(milliseconds(150));
        world = co_await used.cluster.look();
        CHECK(world.pods.size() == 1);
        co_await used.clock.sleep(milliseconds(2200));
        CHECK_THROWS_WITH(
            co_await used.cluster.look(),
            Catch::StartsWith("the connection to the API server is lost")
        );
    });
}

TEST_CASE("a proxy that died is started again", "[plugins][kubectl][process]") {
    Bench bench(Api{});
    play(bench, [](Bench& used) -> Task<> {
        co_await used.cluster.look();
        kill(used.proxy_pid(), SIGKILL);
        co_await used.clock.sleep(milliseconds(50));
        const ObjectRef ref{Kind::service, "shop", "web"};
        const auto body = co_await used.cluster.get(ref);
        CHECK(body);
    });
    const auto calls = bench.kubectl.calls();
    CHECK(std::ranges::count(calls, '\n') == 2);
}

Task<> start_ahead_of_use(Bench* bench) {
    const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
    bench->proxy.start_ahead(executor);
    const auto begun = bench->clock.boot_time();
    while (bench->kubectl.calls().empty() && bench->clock.boot_time() - begun < seconds(10)) {
        co_await bench->clock.sleep(milliseconds(10));
    }
    co_await bench->proxy.start();
}

TEST_CASE("a proxy that was started ahead is the one that serves", "[plugins][kubectl][process]") {
    Bench bench(Api{});
    run(start_ahead_of_use(&bench));
    const auto calls = bench.kubectl.calls();
    CHECK(std::ranges::count(calls, '\n') == 1);
}

TEST_CASE("a proxy that does not start is told in its own words", "[plugins][kubectl][process]") {
    const FakeKubectl kubectl("*proxy*) echo 'error: context \"x\" does not exist' >&2; exit 1 ;;");
    CurlHttp http;
    SystemClock clock;
    const auto program = GENERATE_REF(kubectl.path(), std::string("/no/kubectl"));
    Proxy proxy(http, clock, {program, "x", ""});
    try {
        run(proxy.start());
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.exit() == ExitCode::tool_missing);
        CHECK(
            std::string(error.what()) ==
            (program == "/no/kubectl"
                 ? "`kubectl proxy` did not start: /no/kubectl: No such file or directory"
                 : "`kubectl proxy` did not start: error: context \"x\" does not exist")
        );
    }
    HttpRequest request;
    request.url = "/version";
    CHECK(run(proxy.send(request)).kind == HttpAnswer::Kind::not_sent);
}

TEST_CASE(
    "the socket is in a folder of our own, which goes with the proxy", "[plugins][kubectl][process]"
) {
    std::string folder;
    {
        Bench bench(Api{});
        run(bench.proxy.start());
        const auto calls = bench.kubectl.calls();
        const auto begin = calls.find("--unix-socket=") + 14;
        folder = calls.substr(begin, calls.find("/socket", begin) - begin);
        CHECK(std::filesystem::status(folder).permissions() == std::filesystem::perms::owner_all);
    }
    CHECK_FALSE(std::filesystem::exists(folder));
}

TEST_CASE(
    "a cluster is known by the uid of kube-system, else by its address", "[plugins][kubectl]"
) {
    Api api;
    SECTION("uid") {
        api.others["/api/v1/namespaces/kube-system"] = [](Exchange& exchange) {
            exchange.answer(200, R"({"metadata":{"uid":"c0ffee"}})");
        };
        Bench bench(api);
        const auto identity = run(bench.cluster.identify());
        CHECK(identity.uid == "c0ffee");
        CHECK(identity.server_version == "v1.35.4");
    }
    SECTION("address") {
        api.others["/api/v1/namespaces/kube-system"] = [](Exchange& exchange) {
            exchange.answer(403, R"({"kind":"Status","apiVersion":"v1"})");
        };
        Bench bench(api);
        const auto hash = documents::sha256_hex("https://10.0.0.1:6443").substr(0, 32);
        CHECK(run(bench.cluster.identify()).uid == "server-" + hash);
    }
    SECTION("neither") {
        api.others["/version"] = [](Exchange& exchange) { exchange.answer(401, "{}"); };
        Bench bench(api);
        CHECK_THROWS_AS(run(bench.cluster.identify()), Error);
    }
}

TEST_CASE("writes go out with the right words", "[plugins][kubectl]") {
    std::vector<std::string> seen;
    Api api;
    api.others["/apis/apps/v1/namespaces/shop/deployments"] = [&](Exchange& exchange) {
        seen = {
            exchange.method(), exchange.target(), exchange.header("content-type"), exchange.body()
        };
        exchange.answer(200, object("web", "2"));
    };
    Bench bench(api);
    const ObjectRef web{Kind::deployment, "shop", "web"};
    using Words = std::vector<std::string>;

    JsonPatch patch{{PatchVerb::test, "/a", 1}};
    CHECK(run(bench.cluster.patch(web, patch)).object.text("/metadata/resourceVersion") == "2");
    CHECK(
        seen ==
        Words{
            "PATCH",
            "/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=deployctl",
            "application/json-patch+json",
            R"([{"op":"test","path":"/a","value":1}])"
        }
    );
    run(bench.cluster.create(web, Value::map({{"kind", "Deployment"}})));
    CHECK(
        seen ==
        Words{
            "POST",
            "/apis/apps/v1/namespaces/shop/deployments?fieldManager=deployctl",
            "application/json",
            R"({"kind":"Deployment"})"
        }
    );
    run(bench.cluster.remove(web, "u1", "77"));
    CHECK(seen[0] == "DELETE");
    CHECK(documents::read_json(seen[3]).text("/preconditions/uid") == "u1");
    CHECK(documents::read_json(seen[3]).text("/preconditions/resourceVersion") == "77");
}

TEST_CASE(
    "what pods print passes on without its secrets, also those of several lines",
    "[plugins][kubectl]"
) {
    Api api;
    api.others["/api/v1/namespaces/shop/pods/web-1"] = [&](Exchange& exchange) {
        exchange.answer(200, "BEGIN\n\x1b[1msecret\nEND\n");
    };
    Bench bench(api);
    plugins::kubectl::ClusterSettings settings;
    settings.kube_namespace = "shop";
    settings.redact = [](std::string_view text) {
        return text == "BEGIN\nsecret\nEND" ? std::string("***")
                                            : "not whole: " + std::string(text);
    };
    plugins::kubectl::KubectlCluster cluster(bench.proxy, bench.clock, settings);
    const LogQuery query{"web-1", "app", 3, LogQuery::Run::present};
    CHECK(run(cluster.log(query)) == std::vector<std::string>{"***"});
}

TEST_CASE("logs and pods are asked through the API server", "[plugins][kubectl]") {
    std::vector<std::string> targets;
    Api api;
    api.others["/api/v1/namespaces/shop/pods/web-1"] = [&](Exchange& exchange) {
        targets.push_back(exchange.target());
        exchange.answer(
            exchange.target().find("previous") == std::string::npos ? 200 : 400, "one\n\x1b[1mtwo\n"
        );
    };
    Bench bench(api);
    LogQuery query{"web-1", "app", 3, LogQuery::Run::present};
    CHECK(run(bench.cluster.log(query)) == std::vector<std::string>{"one", "two"});
    query.run = LogQuery::Run::previous;
    CHECK(run(bench.cluster.log(query)).empty());
    query.run = LogQuery::Run::present;
    query.times = LogQuery::Times::shown;
    query.since = milliseconds(6100);
    CHECK(run(bench.cluster.log(query)).size() == 2);
    const PodRequest request{"web-1", 8080, "healthz?deep=1", seconds(1)};
    CHECK(run(bench.cluster.ask_pods({request})).at(0).status == 200);
    CHECK(
        targets ==
        std::vector<std::string>{
            "/api/v1/namespaces/shop/pods/web-1/log?container=app&tailLines=3&limitBytes=1048576",
            "/api/v1/namespaces/shop/pods/web-1/log?container=app&tailLines=3&limitBytes=1048576"
            "&previous=true",
            "/api/v1/namespaces/shop/pods/web-1/log?container=app&tailLines=3&limitBytes=1048576"
            "&timestamps=true&sinceSeconds=7",
            "/api/v1/namespaces/shop/pods/web-1:8080/proxy/healthz?deep=1",
        }
    );
}

TEST_CASE("a silent pod is its own trouble, unless the server is silent", "[plugins][kubectl]") {
    const bool server_hangs = GENERATE(false, true);
    std::atomic<int> at_once = 0;
    std::atomic<bool> were_all_at_once = false;
    Api api;
    api.others["/api/v1/namespaces/shop/pods/web-1:8080"] = [&](Exchange& exchange) {
        if (++at_once == 8) {
            were_all_at_once = true;
        }
        exchange.hang();
        --at_once;
    };
    if (server_hangs) {
        api.others["/version"] = [](Exchange& exchange) { exchange.hang(); };
    }
    Bench bench(api);
    run(bench.proxy.start());
    const PodRequest request{"web-1", 8080, "/", seconds(1)};
    const auto answers = run(bench.cluster.ask_pods({8, request}));
    CHECK(were_all_at_once);
    REQUIRE(answers.size() == 8);
    CHECK(answers[7].status == 0);
    CHECK(answers[7].is_lost() == server_hangs);
    CHECK(bench.count("GET /version") == 1);
}

TEST_CASE("a log waits no longer than it was told", "[plugins][kubectl]") {
    Api api;
    api.others["/api/v1/namespaces/shop/pods/web-1"] = [](Exchange& exchange) { exchange.hang(); };
    Bench bench(api);
    LogQuery query{"web-1", "app"};
    query.timeout = milliseconds(200);
    const auto begun = bench.clock.boot_time();
    CHECK_THROWS_AS(run(bench.cluster.log(query)), Error);
    CHECK(bench.clock.boot_time() - begun < seconds(5));
}

TEST_CASE("a log that may not be read is not taken for an empty one", "[plugins][kubectl]") {
    int status = 403;
    Api api;
    api.others["/api/v1/namespaces/shop/pods/web-1"] = [&](Exchange& exchange) {
        exchange.answer(
            status,
            R"({"kind":"Status","apiVersion":"v1","message":"pods \"web-1\" is forbidden: cannot get"})"
        );
    };
    Bench bench(api);
    const LogQuery query{"web-1", "app", 3, LogQuery::Run::present};
    try {
        run(bench.cluster.log(query));
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.exit() == ExitCode::blocked);
        CHECK(
            std::string(error.what()) ==
            "no permission to read the log of web-1: pods \"web-1\" is forbidden: cannot get"
        );
        CHECK_FALSE(error.help().empty());
    }
    status = 401;
    CHECK_THROWS_AS(run(bench.cluster.log(query)), Error);
    status = 404;
    CHECK(run(bench.cluster.log(query)).empty());
}

TEST_CASE("all pages of a list come back as one", "[plugins][kubectl]") {
    Api api;
    api.lists["leases"] = [](Exchange& exchange) {
        const bool second = exchange.target().find("continue=n") != std::string::npos;
        exchange.answer(
            200, second ? list_of("1", object("b", "1")) : list_of("1", object("a", "1"), "n")
        );
    };
    Bench bench(api);
    const auto items = run(list_all(bench.cluster, Kind::lease));
    REQUIRE(items.size() == 2);
    CHECK(items[1].text("/metadata/name") == "b");
    CHECK(items[1].text("/kind") == "Lease");
}

bool runs_until_it_watches(boost::asio::io_context& loop, const Bench& bench) {
    return soon([&] {
        loop.run_for(milliseconds(5));
        return bench.count("watch=true") == 8;
    });
}

TEST_CASE("a cluster that goes without being closed leaves nothing behind", "[plugins][kubectl]") {
    boost::asio::io_context loop;
    Bench bench(Api{});
    {
        KubectlCluster cluster(bench.proxy, bench.clock, {"shop", ""});
        boost::asio::co_spawn(loop, cluster.look(), [](std::exception_ptr, const World&) {});
        CHECK(runs_until_it_watches(loop, bench));
    }
    loop.run_for(seconds(2));
    CHECK(loop.stopped());
    CHECK(soon([&] {
        return bench.server.open_connections() == 0 || bench.count("watch=true") == 8;
    }));
}

TEST_CASE("a loop that stops with watches running ends cleanly", "[plugins][kubectl]") {
    boost::asio::io_context loop;
    Bench bench(Api{});
    boost::asio::co_spawn(loop, bench.cluster.look(), [](std::exception_ptr, const World&) {});
    CHECK(runs_until_it_watches(loop, bench));
}
