// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <random>
#include <sys/socket.h>
#include <sys/time.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace demo {

namespace {

using std::chrono::steady_clock;

constexpr std::size_t longest_head = 16 * 1024;
constexpr auto look_up = std::chrono::milliseconds(50);
constexpr int idle_seconds = 30;

int listen_on(int port) {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener, 1024) != 0) {
        throw std::system_error(errno, std::generic_category(), "port " + std::to_string(port));
    }
    return listener;
}

// Waits for a readable socket; false when the time is over.
bool readable(int socket, std::chrono::milliseconds patience) {
    pollfd wanted{socket, POLLIN, 0};
    return poll(&wanted, 1, static_cast<int>(patience.count())) > 0;
}

bool send_all(int connection, const std::string& text) {
    std::size_t sent = 0;
    while (sent < text.size()) {
        const ssize_t n = send(connection, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) {
            return false;
        }
        sent += static_cast<std::size_t>(n);
    }
    return true;
}

const char* reason(int code) {
    switch (code) {
        case 200: return "OK";
        case 404: return "Not Found";
        case 503: return "Service Unavailable";
        default: return "Internal Server Error";
    }
}

std::string path_of(const std::string& head) {
    const auto begin = head.find(' ');
    const auto end = head.find_first_of(" ?\r", begin + 1);
    return begin == std::string::npos ? "" : head.substr(begin + 1, end - begin - 1);
}

bool asks_to_close(const std::string& head) {
    return head.find("HTTP/1.0\r") != std::string::npos ||
           strcasestr(head.c_str(), "\r\nconnection: close") != nullptr;
}

// Takes the head of the next request off what was received, reading more as needed; empty at the
// end.
std::string next_head(int connection, std::string& received) {
    auto end = received.find("\r\n\r\n");
    while (end == std::string::npos && received.size() < longest_head) {
        char buffer[4096];
        const ssize_t n = recv(connection, buffer, sizeof buffer, 0);
        if (n <= 0) {
            return "";
        }
        received.append(buffer, static_cast<std::size_t>(n));
        end = received.find("\r\n\r\n");
    }
    if (end == std::string::npos) {
        return "";
    }
    const std::string head = received.substr(0, end + 2);
    received.erase(0, end + 4);
    return head;
}

}  // namespace

Server::Server(const Settings& settings) : settings_(settings) {}

void Server::stop() {
    stop_at_ = (steady_clock::now() + settings_.drain).time_since_epoch().count();
}

bool Server::draining() const {
    return stop_at_ != 0;
}

void Server::run() {
    const int listener = listen_on(settings_.port);
    std::fprintf(
        stderr, "listening on port %d, version %s\n", settings_.port, settings_.version.c_str()
    );
    while (!draining() || steady_clock::now().time_since_epoch().count() < stop_at_) {
        if (!readable(listener, look_up)) {
            continue;
        }
        const int connection = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection >= 0) {
            open_requests_++;
            std::thread([this, connection] { serve(connection); }).detach();
        }
    }
    close(listener);
    const auto deadline = steady_clock::now() + settings_.finish;
    while (open_requests_ > 0 && steady_clock::now() < deadline) {
        std::this_thread::sleep_for(look_up);
    }
}

// open_requests_ counts this connection, except while it is idle between two requests.
void Server::serve(int connection) {
    const int yes = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const timeval patience{idle_seconds, 0};
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::string received;
    for (bool more = true; more;) {
        const std::string head = next_head(connection, received);
        if (head.empty()) {
            break;
        }
        const Answer answer = this->answer(path_of(head));
        const bool keep = !asks_to_close(head) && !draining();
        more = send_all(
                   connection,
                   head_of(answer, keep ? Afterwards::keep : Afterwards::close) + answer.body
               ) &&
               keep;
        if (more && received.empty()) {
            more = wait_for_next(connection);
        }
    }
    shutdown(connection, SHUT_WR);
    close(connection);
    open_requests_--;
}

bool Server::wait_for_next(int connection) {
    open_requests_--;
    while (!draining() && !readable(connection, look_up)) {
    }
    open_requests_++;
    return readable(connection, std::chrono::milliseconds(0));
}

std::string Server::head_of(const Answer& answer, Afterwards afterwards) {
    return "HTTP/1.1 " + std::to_string(answer.code) + " " + reason(answer.code) +
           "\r\nContent-Type: " + answer.type +
           "\r\nContent-Length: " + std::to_string(answer.body.size()) +
           "\r\nConnection: " + (afterwards == Afterwards::keep ? "keep-alive" : "close") +
           "\r\n\r\n";
}

Server::Answer Server::answer(const std::string& path) {
    if (path == "/healthz") {
        return settings_.unready
                   ? Answer{503, "text/plain", "the price table is still being loaded\n"}
                   : Answer{200, "text/plain", "ok\n"};
    }
    if (path == "/livez") {
        return {200, "text/plain", "ok\n"};
    }
    if (path == "/version") {
        return {200, "application/json", "{\"version\":\"" + settings_.version + "\"}\n"};
    }
    if (path == "/metrics") {
        return {200, "text/plain; version=0.0.4", metrics_.text(settings_.version)};
    }
    const auto began = steady_clock::now();
    Answer answer = path == "/" ? front_page() : Answer{404, "text/plain", "no such page\n"};
    metrics_.observe(answer.code, steady_clock::now() - began);
    return answer;
}

// Independent of one another, as noise is.
bool Server::fails_by_chance() const {
    thread_local std::mt19937 chance(std::random_device{}());
    return std::bernoulli_distribution(settings_.noise_per_mille / 1000.0)(chance);
}

// Errors are spread evenly over the requests, so that a rate is a rate in every window.
Server::Answer Server::front_page() {
    std::this_thread::sleep_for(settings_.latency);
    const std::uint64_t number = ++pages_;
    const auto percent = static_cast<std::uint64_t>(settings_.error_percent);
    if (number * percent / 100 > (number - 1) * percent / 100 || fails_by_chance()) {
        std::fprintf(
            stderr,
            "ERROR order %llu: payment service refused the request: unknown currency field\n",
            static_cast<unsigned long long>(number)
        );
        return {500, "text/plain", "payment service refused the request\n"};
    }
    return {200, "text/plain; charset=utf-8", "shop web " + settings_.version + "\n"};
}

}  // namespace demo
