// SPDX-License-Identifier: Apache-2.0
#include "cli/wiring.hpp"

#include "plugins/http/curl_http.hpp"
#include "plugins/kubectl/kubectl_cluster.hpp"
#include "plugins/process/boost_process.hpp"
#include "plugins/registry/registry_client.hpp"
#include "plugins/system/environment.hpp"
#include "plugins/system/host_runners.hpp"
#include "plugins/system/random_ids.hpp"
#include "plugins/system/signal_interrupts.hpp"
#include "plugins/system/system_clock.hpp"
#include "state/sqlite_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <stdexcept>

namespace deployctl::cli {

namespace {

using plugins::kubectl::Connection;

template <class T, class... Rest>
T& once(std::optional<T>& made, Rest&&... rest) {
    return made ? *made : made.emplace(std::forward<Rest>(rest)...);
}

class RealParts final : public Parts {
public:
    explicit RealParts(const Place& place) : place_(place) {}

    Clock& clock() override { return clock_; }

    Store& journal() override {
        if (store_) {
            return *store_;
        }
        return once(
            journal_, state::SqliteOptions{state_path(place_), state::Access::read_only}, clock_
        );
    }

    Store& store() override {
        return once(
            store_, state::SqliteOptions{state_path(place_), state::Access::read_write}, clock_
        );
    }

    Registry& registry() override { return once(registry_, http(), std::vector<std::string>{}); }

    Process& process() override { return process_; }

    Ids& ids() override { return ids_; }

    Runners& runners() override { return once(runners_); }

    Interrupts& interrupts() override { return once(interrupts_, loop_); }

    Task<ClusterChoice> settle(ClusterChoice choice) override {
        Connection connection{plugins::kubectl::find_kubectl(), choice.context};
        if (choice.context.empty() || choice.kube_namespace.empty()) {
            const auto facts = co_await plugins::kubectl::read_context(process_, connection);
            choice.context = facts.name;
            if (choice.kube_namespace.empty()) {
                choice.kube_namespace = facts.kube_namespace;
            }
        }
        co_return choice;
    }

    Cluster& cluster(const ClusterChoice& choice) override {
        auto& to_server = proxy(choice.context);
        return once(cluster_, to_server, clock_, choice.kube_namespace);
    }

    Task<HttpAnswer> ask_server(ClusterChoice choice, std::string path) override {
        HttpRequest request;
        request.url = std::move(path);
        auto& to_server = proxy(choice.context);
        auto answer = co_await to_server.send(request);
        co_return answer;
    }

    void drive(Task<> task) override {
        bool has_ended = false;
        std::exception_ptr error;
        boost::asio::co_spawn(
            loop_,
            std::move(task),
            [&has_ended, &error](std::exception_ptr thrown) {
                has_ended = true;
                error = std::move(thrown);
            }
        );
        loop_.restart();
        while (!has_ended && loop_.run_one() > 0) {
        }
        if (error) {
            std::rethrow_exception(error);
        }
        if (!has_ended) {
            throw std::logic_error("a task waits for something that nobody will send");
        }
    }

private:
    Http& http() { return once(http_); }

    plugins::kubectl::Proxy& proxy(const std::string& context) {
        return once(proxy_, http(), clock_, Connection{plugins::kubectl::find_kubectl(), context});
    }

    const Place& place_;
    plugins::SystemClock clock_;
    plugins::RandomIds ids_;
    plugins::BoostProcess process_;
    boost::asio::io_context loop_;
    std::optional<plugins::HostRunners> runners_;
    std::optional<plugins::SignalInterrupts> interrupts_;
    std::optional<plugins::CurlHttp> http_;
    std::optional<plugins::RegistryClient> registry_;
    std::optional<plugins::kubectl::Proxy> proxy_;
    std::optional<plugins::kubectl::KubectlCluster> cluster_;
    std::optional<state::SqliteStore> journal_;
    std::optional<state::SqliteStore> store_;
};

}  // namespace

std::string state_path(const Place& place) {
    return place.state.empty() ? plugins::default_state_path() : place.state;
}

std::unique_ptr<Parts> make_parts(const Place& place) {
    return std::make_unique<RealParts>(place);
}

}  // namespace deployctl::cli
