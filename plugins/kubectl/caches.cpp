// SPDX-License-Identifier: Apache-2.0
#include "plugins/kubectl/caches.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "model/error.hpp"

namespace deployctl::plugins::kubectl {

namespace asio = boost::asio;

namespace {

constexpr Duration stale_after = seconds(10);

template <class T>
std::vector<T> values_of(const ByName<T>& items) {
    std::vector<T> values;
    values.reserve(items.size());
    for (const auto& [name, item] : items) {
        values.push_back(item);
    }
    return values;
}

}  // namespace

KubectlCluster::Caches::Caches(Proxy& proxy, Clock& clock, std::string kube_namespace)
    : proxy_(proxy), clock_(clock), kube_namespace_(std::move(kube_namespace)) {}

template <class T>
void KubectlCluster::Caches::add(Kind kind, ByName<T>& items, T (*read)(const Value&)) {
    CacheSink sink;
    sink.put = [&items, read](const Value& object) {
        items.insert_or_assign(object.text("/metadata/name"), read(object));
    };
    sink.drop = [&items](const std::string& name) { items.erase(name); };
    sink.clear = [&items] { items.clear(); };
    sink.changed = [this] { notice_change(); };
    const ObjectRef collection{kind, kube_namespace_, ""};
    watches_.push_back(std::make_unique<WatchCache>(proxy_, clock_, collection, std::move(sink)));
}

void KubectlCluster::Caches::start(const asio::any_io_executor& executor) {
    alarm_ = std::make_unique<asio::steady_timer>(executor);
    add(Kind::deployment, items_.workloads, read_workload);
    add(Kind::replica_set, items_.replica_sets, read_replica_set);
    add(Kind::pod, items_.pods, read_pod);
    add(Kind::service, items_.services, read_service);
    add(Kind::endpoint_slice, items_.endpoints, read_endpoints);
    add(Kind::autoscaler, items_.autoscalers, read_autoscaler);
    add(Kind::disruption_budget, items_.disruption_budgets, read_disruption_budget);
    add(Kind::event, items_.notices, read_notice);
    for (auto& watch : watches_) {
        // The handler keeps the caches alive until the last watch has ended.
        asio::co_spawn(executor, watch->run(), [self = shared_from_this()](std::exception_ptr failure) {
            self->notice_change();
            if (failure) {
                std::rethrow_exception(failure);
            }
        });
    }
}

void KubectlCluster::Caches::stop() {
    for (auto& watch : watches_) {
        watch->stop();
    }
}

bool KubectlCluster::Caches::is_synced() const {
    return std::ranges::all_of(watches_, [](const auto& watch) { return watch->is_synced(); });
}

void KubectlCluster::Caches::check() const {
    constexpr std::size_t needed = 5;  // the first five kinds decide; the others may be hidden from us
    for (std::size_t index = 0; index < watches_.size(); ++index) {
        const auto& watch = *watches_[index];
        if (index < needed && !watch.refusal().empty()) {
            throw Error(ExitCode::blocked, watch.refusal(), "a Role has to grant list and watch");
        }
        if (watch.lost_since() && clock_.boot_time() - *watch.lost_since() > stale_after) {
            throw Error(
                ExitCode::stopped_watching,
                "nothing heard of the API server for " +
                    to_short_text(clock_.boot_time() - *watch.lost_since()) + ": " + watch.failure()
            );
        }
    }
}

World KubectlCluster::Caches::world() const {
    World world;
    world.wall = clock_.now();
    world.boot = clock_.boot_time();
    world.workloads = values_of(items_.workloads);
    world.replica_sets = values_of(items_.replica_sets);
    world.pods = values_of(items_.pods);
    world.services = values_of(items_.services);
    world.autoscalers = values_of(items_.autoscalers);
    world.disruption_budgets = values_of(items_.disruption_budgets);
    world.notices = values_of(items_.notices);
    for (const auto& [name, endpoints] : items_.endpoints) {
        world.endpoints.insert(world.endpoints.end(), endpoints.begin(), endpoints.end());
    }
    return world;
}

void KubectlCluster::Caches::notice_change() {
    changed_ = true;
    alarm_->cancel();
}

Task<> KubectlCluster::Caches::wait(Duration at_most) {
    if (changed_) {
        co_return;
    }
    alarm_->expires_after(at_most);
    constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
    co_await alarm_->async_wait(quiet);
}

}  // namespace deployctl::plugins::kubectl
