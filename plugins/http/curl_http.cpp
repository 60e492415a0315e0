// SPDX-License-Identifier: Apache-2.0
#include "plugins/http/curl_http.hpp"

#include "plugins/http/transfer.hpp"
#include "plugins/system/environment.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

namespace deployctl::plugins {

namespace asio = boost::asio;

namespace {

constexpr int idle_poll_millis = 60'000;
constexpr long kept_connections = 16;

/// What a coroutine asks of the transfers' thread.
struct Order {
    std::unique_ptr<Transfer> transfer;
    std::function<void(HttpAnswer)> complete;
};

}  // namespace

/// The thread that owns every transfer. Orders go in under the mutex; answers go out by the
/// executor.
class CurlHttp::Transfers {
public:
    Transfers() {
        ignore_broken_pipes();
        curl_global_init(CURL_GLOBAL_DEFAULT);
        multi_ = curl_multi_init();
        curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kept_connections);
        thread_ = std::thread([this] { loop(); });
    }

    ~Transfers() {
        stop_ = true;
        curl_multi_wakeup(multi_);
        thread_.join();
        for (auto& [id, order] : running_) {
            curl_multi_remove_handle(multi_, order.transfer->handle());
        }
        running_.clear();
        curl_multi_cleanup(multi_);
    }

    Transfers(const Transfers&) = delete;
    Transfers& operator=(const Transfers&) = delete;

    std::uint64_t add(Order order) {
        const std::lock_guard lock(mutex_);
        const auto id = ++last_id_;
        added_.emplace_back(id, std::move(order));
        curl_multi_wakeup(multi_);
        return id;
    }

    void cancel(std::uint64_t id) {
        const std::lock_guard lock(mutex_);
        cancelled_.push_back(id);
        curl_multi_wakeup(multi_);
    }

private:
    void loop() {
        while (!stop_) {
            take_orders();
            int active = 0;
            curl_multi_perform(multi_, &active);
            finish_done();
            curl_multi_poll(multi_, nullptr, 0, idle_poll_millis, nullptr);
        }
    }

    void take_orders() {
        const std::lock_guard lock(mutex_);
        for (auto& [id, order] : added_) {
            curl_multi_add_handle(multi_, order.transfer->handle());
            running_[id] = std::move(order);
        }
        added_.clear();
        for (const auto id : cancelled_) {
            if (const auto found = running_.find(id); found != running_.end()) {
                finish(found->second, CURLE_ABORTED_BY_CALLBACK);
                running_.erase(found);
            }
        }
        cancelled_.clear();
    }

    void finish_done() {
        int left = 0;
        while (const auto* message = curl_multi_info_read(multi_, &left)) {
            if (message->msg != CURLMSG_DONE) {
                continue;
            }
            const auto code = message->data.result;
            Transfer* done = nullptr;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &done);
            const auto found = std::ranges::find_if(running_, [done](const auto& entry) {
                return entry.second.transfer.get() == done;
            });
            finish(found->second, code);
            running_.erase(found);
        }
    }

    void finish(Order& order, CURLcode code) {
        curl_multi_remove_handle(multi_, order.transfer->handle());
        auto answer = order.transfer->conclude(code);
        asio::post(
            order.transfer->executor(),
            [complete = std::move(order.complete), answer = std::move(answer)]() mutable {
                complete(std::move(answer));
            }
        );
    }

    CURLM* multi_ = nullptr;
    std::thread thread_;
    std::atomic<bool> stop_ = false;
    std::map<std::uint64_t, Order> running_;  // the thread's own
    std::mutex mutex_;                        // guards the three below
    std::uint64_t last_id_ = 0;
    std::vector<std::pair<std::uint64_t, Order>> added_;
    std::vector<std::uint64_t> cancelled_;
};

CurlHttp::CurlHttp() : transfers_(std::make_unique<Transfers>()) {}

CurlHttp::~CurlHttp() = default;

Task<HttpAnswer> CurlHttp::send(HttpRequest request) {
    const Transfer::LineSink no_lines;
    auto answer = co_await stream(std::move(request), no_lines);
    co_return answer;
}

Task<HttpAnswer> CurlHttp::stream(HttpRequest request, std::function<void(std::string)> on_line) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    auto transfer = std::make_unique<Transfer>(std::move(request), std::move(on_line), executor);
    auto* transfers = transfers_.get();
    auto* pending = &transfer;
    // Captures pointers only: GCC 12 destroys other captures of an awaited call's lambda twice.
    auto begin = [pending, transfers](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto work = asio::make_work_guard((*pending)->executor());
        // Shared, since a std::function has to be copyable; the one copy is moved along.
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        auto complete = [shared, work, slot](HttpAnswer answer) mutable {
            slot.clear();
            (*shared)(std::move(answer));
        };
        const auto id = transfers->add({std::move(*pending), std::move(complete)});
        if (slot.is_connected()) {
            slot.assign([transfers, id](asio::cancellation_type) { transfers->cancel(id); });
        }
    };
    auto answer = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(HttpAnswer)>(
        begin, asio::use_awaitable
    );
    co_return answer;
}

}  // namespace deployctl::plugins
