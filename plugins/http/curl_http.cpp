// SPDX-License-Identifier: Apache-2.0
#include "plugins/http/curl_http.hpp"

#include <curl/curl.h>

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <mutex>
#include <thread>

namespace deployctl::plugins {

namespace asio = boost::asio;

namespace {

using LineSink = std::function<void(std::string)>;

constexpr std::size_t longest_line = 16UL * 1024 * 1024;

/// One request on its way. Owned by the transfers' thread from `add` on.
struct Transfer {
    HttpRequest request;
    LineSink on_line;
    asio::any_io_executor executor;
    std::function<void(HttpAnswer)> complete;
    HttpAnswer answer;
    std::string partial_line;
    curl_slist* headers = nullptr;
    CURL* handle = nullptr;
    bool too_large = false;

    Transfer() = default;
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    ~Transfer() {
        curl_slist_free_all(headers);
        if (handle != nullptr) {
            curl_easy_cleanup(handle);
        }
    }
};

std::size_t take_lines(Transfer& transfer, std::string_view chunk) {
    const auto size = chunk.size();
    for (auto end = chunk.find('\n'); end != chunk.npos; end = chunk.find('\n')) {
        auto line = transfer.partial_line + std::string(chunk.substr(0, end));
        transfer.partial_line.clear();
        chunk.remove_prefix(end + 1);
        asio::post(transfer.executor, [sink = transfer.on_line, line = std::move(line)]() mutable {
            sink(std::move(line));
        });
    }
    transfer.partial_line += chunk;
    return transfer.partial_line.size() > longest_line ? 0 : size;
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    if (transfer.on_line) {
        return take_lines(transfer, {data, size});
    }
    if (transfer.answer.body.size() + size > transfer.request.most_bytes) {
        transfer.too_large = true;
        return 0;
    }
    transfer.answer.body.append(data, size);
    return size;
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    const std::string_view line(data, size);
    const auto colon = line.find(':');
    if (colon != line.npos) {
        std::string name(line.substr(0, colon));
        for (auto& c : name) {
            c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
        const auto begin = line.find_first_not_of(" \t", colon + 1);
        const auto end = line.find_last_not_of(" \t\r\n");
        transfer.answer.headers[name] =
            begin == line.npos || end < begin ? "" : std::string(line.substr(begin, end - begin + 1));
    }
    return size;
}

long in_millis(Duration duration) {
    return static_cast<long>(std::chrono::ceil<milliseconds>(duration).count());
}

void prepare(Transfer& transfer) {
    auto* handle = curl_easy_init();
    transfer.handle = handle;
    const auto& request = transfer.request;
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, in_millis(request.timeout));
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, in_millis(request.connect_timeout));
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(handle, CURLOPT_PRIVATE, &transfer);
    if (!request.unix_socket.empty()) {
        curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, request.unix_socket.c_str());
        curl_easy_setopt(handle, CURLOPT_PROXY, "");
    }
    if (request.method == "HEAD") {
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    } else {
        curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    if (!request.body.empty()) {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
    }
    for (const auto& header : request.headers) {
        transfer.headers = curl_slist_append(transfer.headers, header.c_str());
    }
    transfer.headers = curl_slist_append(transfer.headers, "Expect:");
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, transfer.headers);
}

HttpAnswer conclude(Transfer& transfer, CURLcode code) {
    auto answer = std::move(transfer.answer);
    long status = 0;
    long sent = 0;
    double took = 0;
    curl_easy_getinfo(transfer.handle, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(transfer.handle, CURLINFO_REQUEST_SIZE, &sent);
    curl_easy_getinfo(transfer.handle, CURLINFO_TOTAL_TIME, &took);
    answer.status = static_cast<int>(status);
    answer.took = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(took));
    if (code == CURLE_OK) {
        answer.kind = HttpAnswer::Kind::answered;
        return answer;
    }
    answer.kind = sent == 0 ? HttpAnswer::Kind::not_sent : HttpAnswer::Kind::lost;
    answer.failure = transfer.too_large ? "the answer is larger than expected" : curl_easy_strerror(code);
    return answer;
}

}  // namespace

/// The thread that owns every transfer. All members below `mutex_` are guarded by it.
class CurlHttp::Transfers {
public:
    Transfers() {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        multi_ = curl_multi_init();
        curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, 0L);
        thread_ = std::thread([this] { loop(); });
    }

    ~Transfers() {
        stop_ = true;
        curl_multi_wakeup(multi_);
        thread_.join();
        for (auto& [id, transfer] : running_) {
            curl_multi_remove_handle(multi_, transfer->handle);
        }
        running_.clear();
        curl_multi_cleanup(multi_);
    }

    Transfers(const Transfers&) = delete;
    Transfers& operator=(const Transfers&) = delete;

    std::uint64_t add(std::unique_ptr<Transfer> transfer) {
        const std::lock_guard lock(mutex_);
        const auto id = ++last_id_;
        added_.emplace_back(id, std::move(transfer));
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
            curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
        }
    }

    void take_orders() {
        const std::lock_guard lock(mutex_);
        for (auto& [id, transfer] : added_) {
            prepare(*transfer);
            curl_multi_add_handle(multi_, transfer->handle);
            running_[id] = std::move(transfer);
        }
        added_.clear();
        for (const auto id : cancelled_) {
            if (const auto found = running_.find(id); found != running_.end()) {
                finish(*found->second, CURLE_ABORTED_BY_CALLBACK);
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
            finish(*done, code);
            std::erase_if(running_, [done](const auto& entry) { return entry.second.get() == done; });
        }
    }

    void finish(Transfer& transfer, CURLcode code) {
        curl_multi_remove_handle(multi_, transfer.handle);
        auto answer = conclude(transfer, code);
        asio::post(
            transfer.executor,
            [complete = std::move(transfer.complete), answer = std::move(answer)]() mutable {
                complete(std::move(answer));
            }
        );
    }

    CURLM* multi_ = nullptr;
    std::thread thread_;
    std::atomic<bool> stop_ = false;
    std::map<std::uint64_t, std::unique_ptr<Transfer>> running_;  // the thread's own
    std::mutex mutex_;
    std::uint64_t last_id_ = 0;
    std::vector<std::pair<std::uint64_t, std::unique_ptr<Transfer>>> added_;
    std::vector<std::uint64_t> cancelled_;
};

CurlHttp::CurlHttp() : transfers_(std::make_unique<Transfers>()) {}

CurlHttp::~CurlHttp() = default;

Task<HttpAnswer> CurlHttp::send(HttpRequest request) {
    LineSink no_lines;
    auto answer = co_await stream(std::move(request), no_lines);
    co_return answer;
}

Task<HttpAnswer> CurlHttp::stream(HttpRequest request, std::function<void(std::string)> on_line) {
    auto transfer = std::make_unique<Transfer>();
    transfer->request = std::move(request);
    transfer->on_line = std::move(on_line);
    transfer->executor = co_await asio::this_coro::executor;
    auto* transfers = transfers_.get();
    // Captures pointers only: GCC 12 destroys other captures of an awaited call's lambda twice.
    auto* pending = &transfer;
    auto begin = [pending, transfers](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto work = asio::make_work_guard((*pending)->executor);
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        (*pending)->complete = [shared, work](HttpAnswer answer) { (*shared)(std::move(answer)); };
        const auto id = transfers->add(std::move(*pending));
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
