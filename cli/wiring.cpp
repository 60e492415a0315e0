// SPDX-License-Identifier: Apache-2.0
#include "cli/wiring.hpp"

#include "cli/folder_assessor.hpp"
#include "cli/redacting.hpp"
#include "plugins/backup/backup_tasks.hpp"
#include "plugins/crash/crashing_cluster.hpp"
#include "plugins/crash/crashing_store.hpp"
#include "plugins/exec_metrics/exec_metrics.hpp"
#include "plugins/http/curl_http.hpp"
#include "plugins/kubectl/kubectl_cluster.hpp"
#include "plugins/process/boost_process.hpp"
#include "plugins/prometheus/prometheus_metrics.hpp"
#include "plugins/registry/registry_client.hpp"
#include "plugins/system/environment.hpp"
#include "plugins/system/host_files.hpp"
#include "plugins/system/host_runners.hpp"
#include "plugins/system/random_ids.hpp"
#include "plugins/system/signal_interrupts.hpp"
#include "plugins/system/system_clock.hpp"
#include "plugins/tasks/release_tasks.hpp"
#include "plugins/terraform/stack_tasks.hpp"
#include "readiness/redaction.hpp"
#include "state/sqlite_operations.hpp"
#include "state/sqlite_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

namespace deployctl::cli {

namespace {

using plugins::kubectl::Connection;

template <class T, class... Rest>
T& once(std::optional<T>& made, Rest&&... rest) {
    return made ? *made : made.emplace(std::forward<Rest>(rest)...);
}

/// The one of that key.
template <class Map, class... Rest>
auto& once_at(Map& made, const typename Map::key_type& key, Rest&&... rest) {
    return made.try_emplace(key, std::forward<Rest>(rest)...).first->second;
}

class RealParts final : public Parts {
public:
    explicit RealParts(const Place& place) : place_(place) {
        if (const auto order = plugins::environment("DEPLOYCTL_CRASH_AT")) {
            crash_test_.emplace(*order, machine_.clock);
        }
    }

    Clock& clock() override { return machine_.clock; }

    Store& journal() override {
        if (journals_.writing) {
            return *journals_.writing;
        }
        return once(
            journals_.reading,
            state::SqliteOptions{state_path(place_), state::Access::read_only},
            machine_.clock
        );
    }

    Store& store() override {
        auto& real = once(
            journals_.writing,
            state::SqliteOptions{state_path(place_), state::Access::read_write},
            machine_.clock
        );
        if (crash_test_) {
            return once(crash_test_->store, real, crash_test_->points);
        }
        return real;
    }

    Operations& operations() override {
        return once(journals_.operations, state::SqliteOptions{state_path(place_)}, machine_.clock);
    }

    Registry& registry() override {
        return once(roads_.registry, http(), plugins::registry_access_of_environment());
    }

    Process& process() override { return machine_.process; }

    Outside outside() override {
        auto& over_http = once(roads_.prometheus, http(), machine_.clock);
        auto& by_program = once(roads_.metrics_program, machine_.process);
        auto& metrics = once(roads_.metrics, over_http, by_program);
        auto& assessor = once(machine_.assessor);
        auto& stacks = once(roads_.stacks, machine_.clock, runners(), state_folder(place_));
        auto& dumps = once(roads_.dumps, machine_.process);
        auto& backups = once(roads_.backups, dumps, machine_.clock);
        auto& all = once(roads_.tasks, machine_.process, machine_.files, stacks, backups);
        auto& tasks = once(roads_.redacted, all);
        return {metrics, http(), machine_.process, machine_.files, registry(), assessor, tasks};
    }

    Ids& ids() override { return machine_.ids; }

    Runners& runners() override { return once(machine_.runners); }

    Interrupts& interrupts() override { return once(machine_.interrupts, machine_.loop); }

    Task<ClusterChoice> settle(ClusterChoice choice) override {
        if (find_settled(choice.context) == nullptr) {
            Connection connection{plugins::kubectl::find_kubectl(), choice.context};
            if (!choice.context.empty()) {
                // On its way while kubectl says what the context is: its start is what takes time.
                const boost::asio::any_io_executor executor =
                    co_await boost::asio::this_coro::executor;
                proxy(choice.context).start_ahead(executor);
            }
            auto facts = co_await plugins::kubectl::inspect(machine_.process, connection);
            settled_.push_back({choice.context, std::move(facts)});
        }
        const auto& settled = find_settled(choice.context)->facts;
        const auto& facts = settled.context;
        choice.kubectl = settled.version.text;
        choice.context = facts.name;
        choice.server = facts.server;
        if (choice.kube_namespace.empty()) {
            choice.kube_namespace = facts.kube_namespace;
        }
        co_return choice;
    }

    Cluster& cluster(const ClusterChoice& choice) override {
        auto& to_server = proxy(choice.context);
        plugins::kubectl::ClusterSettings settings;
        settings.kube_namespace = choice.kube_namespace;
        settings.server = choice.server;
        settings.request_timeout = choice.request_timeout;
        settings.redact = readiness::redacted;
        const ClusterKey key{choice.context, choice.kube_namespace};
        auto& real = once_at(roads_.clusters, key, to_server, machine_.clock, settings);
        if (crash_test_) {
            return once_at(crash_test_->clusters, key, real, crash_test_->points);
        }
        return real;
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
            machine_.loop,
            std::move(task),
            [&has_ended, &error](std::exception_ptr thrown) {
                has_ended = true;
                error = std::move(thrown);
            }
        );
        machine_.loop.restart();
        while (!has_ended && machine_.loop.run_one() > 0) {
        }
        if (error) {
            std::rethrow_exception(error);
        }
        if (!has_ended) {
            throw std::logic_error("a task waits for something that nobody will send");
        }
    }

private:
    /// Context and namespace: a command may work on several of them.
    using ClusterKey = std::pair<std::string, std::string>;

    Http& http() { return once(roads_.http); }

    plugins::kubectl::Proxy& proxy(const std::string& context) {
        return once_at(
            roads_.proxies,
            context,
            http(),
            machine_.clock,
            Connection{plugins::kubectl::find_kubectl(), context}
        );
    }

    struct Machine {
        plugins::SystemClock clock;
        plugins::RandomIds ids;
        plugins::BoostProcess process;
        plugins::HostFiles files;
        boost::asio::io_context loop;
        std::optional<FolderAssessor> assessor;
        std::optional<plugins::HostRunners> runners;
        std::optional<plugins::SignalInterrupts> interrupts;
    };

    struct Roads {
        std::optional<plugins::CurlHttp> http;
        std::optional<plugins::RegistryClient> registry;
        std::optional<plugins::PrometheusMetrics> prometheus;
        std::optional<plugins::ExecMetrics> metrics_program;
        std::optional<plugins::MetricsOfEitherKind> metrics;
        std::optional<plugins::StackTasks> stacks;
        std::optional<RedactedProcess> dumps;  ///< whose words go into manifests
        std::optional<plugins::BackupTasks> backups;
        std::optional<plugins::ReleaseTasks> tasks;
        std::optional<RedactedTasks> redacted;
        std::map<std::string, plugins::kubectl::Proxy> proxies;  ///< by context
        std::map<ClusterKey, plugins::kubectl::KubectlCluster> clusters;
    };

    struct Journals {
        std::optional<state::SqliteStore> reading;
        std::optional<state::SqliteStore> writing;
        std::optional<state::SqliteOperations> operations;
    };

    /// Where DEPLOYCTL_CRASH_AT is set, commits and writes pass its points.
    struct CrashTest {
        CrashTest(const std::string& order, const Clock& clock) : points(order, clock) {}

        plugins::CrashPoints points;
        std::optional<plugins::CrashingStore> store;
        std::map<ClusterKey, plugins::CrashingCluster> clusters;
    };

    /// What kubectl said of a context, so that it is asked once.
    struct Settled {
        std::string asked;
        plugins::kubectl::Facts facts;

        bool answers(const std::string& context) const {
            return context == asked || context == facts.context.name;
        }
    };

    const Settled* find_settled(const std::string& context) const {
        const auto found = std::ranges::find_if(settled_, [&context](const Settled& one) {
            return one.answers(context);
        });
        return found == settled_.end() ? nullptr : &*found;
    }

    const Place& place_;
    Machine machine_;
    Roads roads_;
    Journals journals_;
    std::vector<Settled> settled_;
    std::optional<CrashTest> crash_test_;
};

}  // namespace

std::string state_path(const Place& place) {
    return place.state.empty() ? plugins::default_state_path() : place.state;
}

std::string state_folder(const Place& place) {
    const auto folder = std::filesystem::path(state_path(place)).parent_path();
    return folder.empty() ? "." : folder.string();
}

std::unique_ptr<Parts> make_parts(const Place& place) {
    return std::make_unique<RealParts>(place);
}

}  // namespace deployctl::cli
