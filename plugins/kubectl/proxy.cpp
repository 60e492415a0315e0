// SPDX-License-Identifier: Apache-2.0
#include "plugins/kubectl/proxy.hpp"

#include "model/error.hpp"
#include "plugins/kubectl/answers.hpp"
#include "plugins/kubectl/private_folder.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <filesystem>
#include <fstream>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace deployctl::plugins::kubectl {

namespace {

constexpr Duration start_deadline = seconds(10);
constexpr Duration start_poll = milliseconds(5);
constexpr std::size_t longest_socket_path = sizeof(sockaddr_un::sun_path) - 1;

std::string last_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::string last;
    while (std::getline(file, line)) {
        if (!line.empty()) {
            last = line;
        }
    }
    return printable_line(last);
}

bool is_listening(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(static_cast<char*>(address.sun_path), longest_socket_path);
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    const bool connected = ::connect(descriptor, generic, sizeof(address)) == 0;
    ::close(descriptor);
    return connected;
}

HttpAnswer not_sent(const std::string& failure) {
    HttpAnswer answer;
    answer.kind = HttpAnswer::Kind::not_sent;
    answer.failure = failure;
    return answer;
}

}  // namespace

Proxy::Proxy(Http& http, Clock& clock, Connection connection)
    : http_(http),
      clock_(clock),
      connection_(std::move(connection)),
      folder_(make_private_folder()) {}

Proxy::~Proxy() {
    child_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

bool Proxy::is_running() {
    return start_.phase == Phase::running && child_->is_running() &&
           std::filesystem::exists(socket());
}

void Proxy::launch(const boost::asio::any_io_executor& executor) {
    child_.reset();
    std::error_code ignored;
    std::filesystem::remove(socket(), ignored);
    const ChildStart start{proxy_args(connection_, socket()), folder_ + "/errors"};
    child_.emplace(executor, start);
    start_.launched = clock_.boot_time();
    start_.phase = Phase::starting;
}

bool Proxy::has_failed_to_start() {
    if (!child_->is_running()) {
        const auto& reason = child_->failure();
        start_.failure = "`kubectl proxy` did not start: " +
                         (reason.empty() ? last_line(folder_ + "/errors") : reason);
        return true;
    }
    if (clock_.boot_time() - start_.launched > start_deadline) {
        start_.failure = "`kubectl proxy` was not ready after " + to_text(start_deadline) + ": " +
                         last_line(folder_ + "/errors");
        return true;
    }
    return false;
}

/// Why it does not run; empty where it does. Whoever waits may find out; one start serves all who
/// wait.
Task<std::string> Proxy::ensure_running() {
    if (is_running()) {
        co_return std::string();
    }
    if (start_.phase != Phase::starting) {
        const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
        launch(executor);
    }
    while (start_.phase == Phase::starting) {
        if (is_listening(socket())) {
            start_.phase = Phase::running;
            last_heard_ = clock_.boot_time();
            co_return std::string();
        }
        if (has_failed_to_start()) {
            start_.phase = Phase::stopped;
            child_.reset();
            co_return start_.failure;
        }
        co_await clock_.sleep(start_poll);
    }
    co_return start_.phase == Phase::running ? std::string() : start_.failure;
}

void Proxy::start_ahead(const boost::asio::any_io_executor& executor) {
    if (start_.phase == Phase::stopped) {
        launch(executor);
    }
}

Task<> Proxy::start() {
    const auto failure = co_await ensure_running();
    if (!failure.empty()) {
        throw Error(
            ExitCode::tool_missing,
            failure,
            "try `kubectl get --raw /version` with the same context; `deployctl doctor` says more"
        );
    }
}

HttpRequest Proxy::through_socket(HttpRequest request) const {
    request.url = "http://localhost" + request.url;
    request.unix_socket = socket();
    return request;
}

void Proxy::note(const HttpAnswer& answer) {
    if (answer.kind == HttpAnswer::Kind::answered && answer.status < 500) {
        last_heard_ = clock_.boot_time();
    }
}

Task<HttpAnswer> Proxy::send(HttpRequest request) {
    const auto failure = co_await ensure_running();
    if (!failure.empty()) {
        co_return not_sent(failure);
    }
    auto routed = through_socket(std::move(request));
    auto answer = co_await http_.send(std::move(routed));
    note(answer);
    co_return answer;
}

Task<HttpAnswer> Proxy::stream(HttpRequest request, std::function<void(std::string)> on_line) {
    const auto failure = co_await ensure_running();
    if (!failure.empty()) {
        co_return not_sent(failure);
    }
    auto routed = through_socket(std::move(request));
    const std::function<void(std::string)> heard = [this,
                                                    sink = std::move(on_line)](std::string line) {
        last_heard_ = clock_.boot_time();
        sink(std::move(line));
    };
    auto answer = co_await http_.stream(std::move(routed), heard);
    note(answer);
    co_return answer;
}

}  // namespace deployctl::plugins::kubectl
