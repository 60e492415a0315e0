// SPDX-License-Identifier: Apache-2.0
// The cluster adapter on a bench: a scripted API server behind a kubectl that is none. For tests.
#pragma once

#include "model/error.hpp"
#include "plugins/http/curl_http.hpp"
#include "plugins/kubectl/kubectl_cluster.hpp"
#include "plugins/system/system_clock.hpp"
#include "simcluster/run.hpp"
#include "tests/plugins/fake_kubectl.hpp"
#include "tests/plugins/scripted_server.hpp"

#include <algorithm>
#include <exception>
#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>

namespace deployctl::tests {

using namespace deployctl::plugins;
using namespace deployctl::plugins::kubectl;
using simcluster::run;

using Script = ScriptedServer::Script;

inline std::string object(const std::string& name, const std::string& version) {
    return R"({"metadata":{"name":")" + name + R"(","resourceVersion":")" + version + R"("}})";
}

inline std::string list_of(
    const std::string& version, const std::string& items, const std::string& more = ""
) {
    return R"({"metadata":{"resourceVersion":")" + version + R"(","continue":")" + more +
           R"("},"items":[)" + items + "]}";
}

inline std::string event(const std::string& type, const std::string& what) {
    return R"({"type":")" + type + R"(","object":)" + what + "}\n";
}

inline const std::string gone = event("ERROR", R"({"kind":"Status","code":410})");

/// Empty lists and silent watches, but for what a test puts in their place, by the plural of the
/// kind.
struct Api {
    std::map<std::string, Script> lists;
    std::map<std::string, Script> watches;
    std::map<std::string, Script> others;  ///< by the beginning of the target

    void operator()(Exchange& exchange) {
        const auto& target = exchange.target();
        for (const auto& [begin, script] : others) {
            if (target.starts_with(begin)) {
                script(exchange);
                return;
            }
        }
        const auto query = target.find('?');
        const auto plural =
            target.substr(target.rfind('/', query) + 1, query - target.rfind('/', query) - 1);
        const bool watches_it = target.find("watch=true") != std::string::npos;
        auto& scripts = watches_it ? watches : lists;
        if (const auto found = scripts.find(plural); found != scripts.end()) {
            found->second(exchange);
        } else if (watches_it) {
            exchange.begin_stream();
            exchange.hang();
        } else {
            exchange.answer(
                200, target == "/version" ? R"({"gitVersion":"v1.35.4"})" : list_of("10", "")
            );
        }
    }
};

struct Bench {
    explicit Bench(
        Api script, Duration stale_after = seconds(10), Duration request_timeout = seconds(10)
    )
        : api(std::move(script)),
          kubectl(
              "*proxy*) echo $$ > ${0%/*}/pid; ln -s " + server.socket() +
              " $socket; exec sleep 60 ;;"
          ),
          proxy(http, clock, {kubectl.path(), "", ""}),
          cluster(proxy, clock, {"shop", "https://10.0.0.1:6443", stale_after, request_timeout}) {}

    int proxy_pid() const {
        int pid = 0;
        std::ifstream(kubectl.path().substr(0, kubectl.path().rfind('/')) + "/pid") >> pid;
        return pid;
    }

    int count(const std::string& request) const {
        const auto seen = server.requests();
        return static_cast<int>(std::ranges::count_if(seen, [&](const auto& one) {
            return one.find(request) != std::string::npos;
        }));
    }

    Api api;
    ScriptedServer server{[this](Exchange& exchange) { api(exchange); }};
    FakeKubectl kubectl;
    CurlHttp http;
    SystemClock clock;
    Proxy proxy;
    KubectlCluster cluster;
};

inline Task<> and_close(Bench* bench, Task<> scenario) {
    std::exception_ptr failure;
    try {
        co_await std::move(scenario);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await bench->cluster.close();
    if (failure) {
        std::rethrow_exception(failure);
    }
}

inline void play(Bench& bench, Task<> (*scenario)(Bench&)) {
    run(and_close(&bench, scenario(bench)));
}

using Holds = std::function<bool(const World&)>;

inline Task<World> look_until(Bench& bench, Holds holds) {
    for (int left = 400; left > 0; --left) {
        auto world = co_await bench.cluster.look();
        if (holds(world)) {
            co_return world;
        }
        co_await bench.cluster.wait_for_change(milliseconds(50));
    }
    throw std::runtime_error("it never came to be");
}

inline Task<World> look_when_watching(Bench& bench) {
    const Holds holds = [&bench](const World&) { return bench.count("watch=true") == 8; };
    auto world = co_await look_until(bench, holds);
    co_return world;
}

}  // namespace deployctl::tests
