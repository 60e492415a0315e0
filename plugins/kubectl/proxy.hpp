// SPDX-License-Identifier: Apache-2.0
// One `kubectl proxy` on a unix socket in a folder that only we can enter: every login method that kubectl knows,
// for the price of one process. Started on first use, again where it died, ended with this object. Engine's
// thread; outlives no request of its own.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "plugins/kubectl/kubectl.hpp"
#include "plugins/process/child.hpp"
#include "ports/clock.hpp"
#include "ports/http.hpp"

namespace deployctl::plugins::kubectl {

class Proxy {
public:
    Proxy(Http& http, Clock& clock, Connection connection);
    ~Proxy();
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;

    /// The request with the API server's path as its url: "/api/v1/namespaces/shop/pods".
    Task<HttpAnswer> send(HttpRequest request);
    Task<HttpAnswer> stream(HttpRequest request, std::function<void(std::string)> on_line);

private:
    Task<> ensure_running();
    Task<> wait_until_ready();
    HttpRequest through_socket(HttpRequest request) const;

    Http& http_;
    Clock& clock_;
    Connection connection_;
    std::string folder_;
    std::optional<Child> child_;
    enum class Phase { stopped, starting, running } phase_ = Phase::stopped;
};

}  // namespace deployctl::plugins::kubectl
