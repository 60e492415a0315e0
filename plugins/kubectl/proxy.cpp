// SPDX-License-Identifier: Apache-2.0
#include "plugins/kubectl/proxy.hpp"

#include <stdlib.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "model/error.hpp"

namespace deployctl::plugins::kubectl {

namespace {

constexpr Duration start_deadline = seconds(10);
constexpr Duration start_poll = milliseconds(5);

/// mkdtemp makes it 0700.
std::string make_private_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "deployctl-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
        throw Error(
            ExitCode::tool_missing,
            "cannot make a folder in " + std::filesystem::temp_directory_path().string(),
            "check $TMPDIR: it must be writable"
        );
    }
    return pattern;
}

std::string read_file(const std::string& path) {
    std::ifstream file(path);
    std::stringstream content;
    content << file.rdbuf();
    return content.str();
}

}  // namespace

Proxy::Proxy(Http& http, Clock& clock, Connection connection)
    : http_(http), clock_(clock), connection_(std::move(connection)), folder_(make_private_folder()) {}

Proxy::~Proxy() {
    child_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

HttpRequest Proxy::through_socket(HttpRequest request) const {
    request.url = "http://localhost" + request.url;
    request.unix_socket = folder_ + "/socket";
    return request;
}

Task<> Proxy::ensure_running() {
    if (phase_ == Phase::running && child_->is_running()) {
        co_return;
    }
    if (phase_ != Phase::starting) {
        phase_ = Phase::starting;
        const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
        std::error_code ignored;
        std::filesystem::remove(folder_ + "/socket", ignored);
        const auto argv = proxy_args(connection_, folder_ + "/socket");
        child_.emplace(executor, argv, folder_ + "/errors");
    }
    co_await wait_until_ready();
}

Task<> Proxy::wait_until_ready() {
    const auto begun = clock_.boot_time();
    const auto socket = folder_ + "/socket";
    while (!std::filesystem::exists(socket)) {
        const bool ended = !child_->is_running();
        if (ended || clock_.boot_time() - begun > start_deadline) {
            phase_ = Phase::stopped;
            throw Error(
                ExitCode::tool_missing,
                "`kubectl proxy` did not start: " + read_file(folder_ + "/errors"),
                "try `kubectl get --raw /version` with the same context; `deployctl doctor` says more"
            );
        }
        co_await clock_.sleep(start_poll);
    }
    phase_ = Phase::running;
}

Task<HttpAnswer> Proxy::send(HttpRequest request) {
    co_await ensure_running();
    auto routed = through_socket(std::move(request));
    auto answer = co_await http_.send(std::move(routed));
    co_return answer;
}

Task<HttpAnswer> Proxy::stream(HttpRequest request, std::function<void(std::string)> on_line) {
    co_await ensure_running();
    auto routed = through_socket(std::move(request));
    auto answer = co_await http_.stream(std::move(routed), on_line);
    co_return answer;
}

}  // namespace deployctl::plugins::kubectl
