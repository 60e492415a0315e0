// SPDX-License-Identifier: Apache-2.0
// A small HTTP/1.1 server, one thread a connection, that stops without failing a request.
//
//   /         200 and the version as text, or what the settings spoil
//   /healthz  readiness    /livez  liveness    /version  JSON    /metrics  Prometheus
#pragma once

#include "metrics.hpp"
#include "settings.hpp"

#include <atomic>
#include <chrono>
#include <string>

namespace demo {

class Server {
public:
    explicit Server(const Settings& settings);

    // Opens the port and serves until stop() was called and its drain is over. Throws
    // std::system_error.
    void run();

    // From another thread: keep serving for the drain, so that everyone hears that this pod is
    // leaving, then close the port and wait for the requests that are open.
    void stop();

private:
    struct Answer {
        int code = 200;
        std::string type = "text/plain; charset=utf-8";
        std::string body;
    };

    enum class Afterwards { keep, close };

    static std::string head_of(const Answer& answer, Afterwards afterwards);

    void serve(int connection);
    bool wait_for_next(int connection);
    Answer answer(const std::string& path);
    Answer front_page();
    bool fails_by_chance() const;
    bool draining() const;

    const Settings settings_;
    Metrics metrics_;
    std::atomic<std::uint64_t> pages_{0};
    std::atomic<int> open_requests_{0};
    std::atomic<std::chrono::steady_clock::rep> stop_at_{0};
};

}  // namespace demo
