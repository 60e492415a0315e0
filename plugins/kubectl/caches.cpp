// SPDX-License-Identifier: Apache-2.0
#include "plugins/kubectl/caches.hpp"

#include "model/error.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace deployctl::plugins::kubectl {

namespace asio = boost::asio;

namespace {

constexpr Duration silence_before_asking = seconds(3);

template <class T>
void show(Shelf<T>& shelf, SharedList<T>& list) {
    if (!std::exchange(shelf.has_changed, false)) {
        return;
    }
    list = {};
    for (const auto& [name, item] : shelf.items) {
        list.push_back(item);
    }
}

void show(Shelf<std::vector<Endpoint>>& shelf, SharedList<Endpoint>& list) {
    if (!std::exchange(shelf.has_changed, false)) {
        return;
    }
    list = {};
    for (const auto& [name, endpoints] : shelf.items) {
        for (const auto& endpoint : endpoints.read()) {
            list.push_back(endpoint);
        }
    }
}

}  // namespace

KubectlCluster::Caches::Caches(Proxy& proxy, Clock& clock, ClusterSettings settings)
    : proxy_(proxy), clock_(clock), settings_(std::move(settings)) {}

template <class T>
void KubectlCluster::Caches::add(Kind kind, Need need, Shelf<T>& shelf, T (*read)(const Value&)) {
    const auto name_of = [](const Value& object) { return object.text("/metadata/name"); };
    CacheSink sink;
    sink.begin_list = [&shelf] { shelf.staged.clear(); };
    sink.stage = [&shelf, read, name_of](const Value& object) {
        shelf.staged.insert_or_assign(name_of(object), Shared<T>(read(object)));
    };
    sink.commit = [&shelf] {
        shelf.items.swap(shelf.staged);
        shelf.staged.clear();
        shelf.has_changed = true;
    };
    sink.put = [&shelf, read, name_of](const Value& object) {
        shelf.items.insert_or_assign(name_of(object), Shared<T>(read(object)));
        shelf.has_changed = true;
    };
    sink.drop = [&shelf](const std::string& name) {
        shelf.items.erase(name);
        shelf.has_changed = true;
    };
    sink.changed = [this] { notice_change(); };
    const ObjectRef collection{kind, settings_.kube_namespace, ""};
    feeds_.push_back(
        {need,
         std::make_unique<WatchCache>(proxy_, clock_, collection, std::move(sink)),
         std::make_unique<asio::cancellation_signal>()}
    );
}

void KubectlCluster::Caches::add_all() {
    add(Kind::deployment, Need::required, shelves_.workloads, read_workload);
    add(Kind::replica_set, Need::required, shelves_.replica_sets, read_replica_set);
    add(Kind::pod, Need::required, shelves_.pods, read_pod);
    add(Kind::service, Need::required, shelves_.services, read_service);
    add(Kind::endpoint_slice, Need::required, shelves_.endpoints, read_endpoints);
    add(Kind::autoscaler, Need::optional, shelves_.autoscalers, read_autoscaler);
    add(Kind::disruption_budget, Need::optional, shelves_.disruption_budgets, read_disruption_budget
    );
    add(Kind::event, Need::later, shelves_.notices, read_notice);
}

void KubectlCluster::Caches::start(const asio::any_io_executor& executor) {
    add_all();
    for (auto& feed : feeds_) {
        run(executor, feed.watch->run(), feed);
    }
    feeds_.push_back({Need::optional, nullptr, std::make_unique<asio::cancellation_signal>()});
    run(executor, listen_for_silence(), feeds_.back());
}

void KubectlCluster::Caches::run(const asio::any_io_executor& executor, Task<> task, Feed& feed) {
    ++running_;
    auto at_end = [self = shared_from_this()](const std::exception_ptr& failure) {
        --self->running_;
        if (failure && !self->stopping_) {
            self->accident_ = failure;  // the next look throws it
        }
        self->notice_change();
    };
    asio::co_spawn(
        executor,
        std::move(task),
        asio::bind_cancellation_slot(feed.stop->slot(), std::move(at_end))
    );
}

/// A connection may hang without an error: after a while of silence the server is asked for a sign
/// of life.
Task<> KubectlCluster::Caches::listen_for_silence() {
    HttpRequest request;
    request.url = "/version";
    request.timeout = silence_before_asking;
    for (;;) {
        const auto silence = clock_.boot_time() - proxy_.last_heard();
        if (silence >= silence_before_asking) {
            co_await proxy_.send(request);
        }
        co_await clock_.sleep(seconds(1));
    }
}

void KubectlCluster::Caches::stop() {
    if (stopping_ || has_ended()) {
        return;  // the signals reach for the loop, which may have gone
    }
    stopping_ = true;
    for (auto& feed : feeds_) {
        feed.stop->emit(asio::cancellation_type::terminal);
    }
}

bool KubectlCluster::Caches::is_synced() const {
    return std::ranges::all_of(feeds_, [](const auto& feed) {
        return !feed.watch || feed.need == Need::later || feed.watch->is_synced();
    });
}

bool KubectlCluster::Caches::is_stale() const {
    return clock_.boot_time() - proxy_.last_heard() > settings_.stale_after;
}

void KubectlCluster::Caches::check() const {
    if (accident_) {
        std::rethrow_exception(accident_);
    }
    for (const auto& feed : feeds_) {
        if (!feed.watch) {
            continue;
        }
        if (feed.need == Need::required && !feed.watch->refusal().empty()) {
            throw Error(
                ExitCode::blocked,
                feed.watch->refusal(),
                "a Role has to grant get, list and watch of it"
            );
        }
        if (feed.need != Need::required && feed.watch->has_lost_permission()) {
            continue;  // what was seen has to do
        }
        const auto lost = feed.watch->lost_since();
        if (lost && clock_.boot_time() - *lost > settings_.stale_after) {
            const auto age = to_short_text(clock_.boot_time() - *lost);
            throw Error(
                ExitCode::stopped_watching,
                "the connection to the API server is lost since " + age + ": " +
                    feed.watch->failure()
            );
        }
    }
}

World KubectlCluster::Caches::world() {
    auto& shown = shelves_.shown;
    shown.wall = clock_.now();
    shown.boot = clock_.boot_time();
    show(shelves_.workloads, shown.workloads);
    show(shelves_.replica_sets, shown.replica_sets);
    show(shelves_.pods, shown.pods);
    show(shelves_.services, shown.services);
    show(shelves_.endpoints, shown.endpoints);
    show(shelves_.autoscalers, shown.autoscalers);
    show(shelves_.disruption_budgets, shown.disruption_budgets);
    show(shelves_.notices, shown.notices);
    return shown;
}

void KubectlCluster::Caches::notice_change() {
    changed_ = true;
    for (auto* timer : waiting_) {
        timer->cancel();
    }
}

Task<> KubectlCluster::Caches::wait(Duration at_most) {
    if (changed_) {
        co_return;
    }
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, at_most);
    auto* waiting = &waiting_;
    const auto forget = [waiting](asio::steady_timer* one) { waiting->erase(one); };
    const std::unique_ptr<asio::steady_timer, decltype(forget)> listed(&timer, forget);
    waiting_.insert(&timer);
    constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
    co_await timer.async_wait(quiet);
}

}  // namespace deployctl::plugins::kubectl
