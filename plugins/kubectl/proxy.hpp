// SPDX-License-Identifier: Apache-2.0
// One `kubectl proxy` on a unix socket in a folder that only we can enter: every login method that
// kubectl knows, for the price of one process. Started on first use, again where it died, ended
// with this object. A proxy that does not start is an answer `not_sent`, but for `start`, which
// throws. Engine's thread; outlives its requests.
#pragma once

#include "plugins/kubectl/kubectl.hpp"
#include "plugins/process/child.hpp"
#include "ports/clock.hpp"
#include "ports/http.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <optional>
#include <string>

namespace deployctl::plugins::kubectl {

class Proxy {
public:
    Proxy(Http& http, Clock& clock, Connection connection);
    ~Proxy();
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;

    /// Starts it before anybody asks; throws Error{tool_missing} where it does not start.
    Task<> start();
    /// Starts it and waits for nothing: whoever asks later finds it on its way, or starts it again.
    void start_ahead(const boost::asio::any_io_executor& executor);
    /// The request with the API server's path as its url: "/api/v1/namespaces/shop/pods".
    Task<HttpAnswer> send(HttpRequest request);
    Task<HttpAnswer> stream(HttpRequest request, std::function<void(std::string)> on_line);

    /// When the API server last said anything but a 5xx.
    BootTime last_heard() const { return last_heard_; }

private:
    enum class Phase { stopped, starting, running };

    Task<std::string> ensure_running();
    bool is_running();
    void launch(const boost::asio::any_io_executor& executor);
    bool has_failed_to_start();
    void note(const HttpAnswer& answer);
    HttpRequest through_socket(HttpRequest request) const;

    std::string socket() const { return folder_ + "/socket"; }

    Http& http_;
    Clock& clock_;
    Connection connection_;
    std::string folder_;
    std::optional<Child> child_;

    struct Start {
        Phase phase = Phase::stopped;
        BootTime launched{};
        std::string failure;  ///< of the last one
    } start_;

    BootTime last_heard_{};
};

}  // namespace deployctl::plugins::kubectl
