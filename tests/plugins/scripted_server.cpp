// SPDX-License-Identifier: Apache-2.0
#include "tests/plugins/scripted_server.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace deployctl::tests {

namespace {

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return text;
}

std::string header_of(const std::string& head, const std::string& name) {
    const auto begin = lower(head).find("\r\n" + name + ":");
    if (begin == std::string::npos) {
        return "";
    }
    const auto value = head.find_first_not_of(' ', begin + name.size() + 3);
    return head.substr(value, head.find("\r\n", value) - value);
}

/// Head and body of the next request; nothing where the client has gone.
std::optional<std::pair<std::string, std::string>> read_request(
    int descriptor, std::string& buffer
) {
    const std::string blank = "\r\n\r\n";
    const auto more = [&] {
        std::array<char, 65536> bytes{};
        const auto size = ::recv(descriptor, bytes.data(), bytes.size(), 0);
        buffer.append(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
        return size > 0;
    };
    while (buffer.find(blank) == std::string::npos) {
        if (!more()) {
            return std::nullopt;
        }
    }
    const auto split = buffer.find(blank);
    const auto head = buffer.substr(0, split + 2);
    const auto length = header_of(head, "content-length");
    const auto size = length.empty() ? 0UL : std::stoul(length);
    while (buffer.size() < split + blank.size() + size) {
        if (!more()) {
            return std::nullopt;
        }
    }
    const auto body = buffer.substr(split + blank.size(), size);
    buffer.erase(0, split + blank.size() + size);
    return std::pair(head, body);
}

}  // namespace

Exchange::Exchange(int descriptor, std::string head, std::string body)
    : descriptor_(descriptor), head_(std::move(head)), body_(std::move(body)) {
    const auto first = head_.find(' ');
    const auto second = head_.find(' ', first + 1);
    method_ = head_.substr(0, first);
    target_ = head_.substr(first + 1, second - first - 1);
}

std::string Exchange::header(const std::string& name) const {
    return header_of(head_, name);
}

void Exchange::raw(const std::string& bytes) {
    ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void Exchange::answer(int status, const std::string& body, const std::string& headers) {
    raw("HTTP/1.1 " + std::to_string(status) + " Some Words\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n" + headers + "\r\n" + (method_ == "HEAD" ? "" : body));
    keeps_connection_ = true;
}

void Exchange::begin_stream(int status) {
    raw("HTTP/1.1 " + std::to_string(status) + " Some Words\r\nTransfer-Encoding: chunked\r\n\r\n");
}

void Exchange::chunk(const std::string& text) {
    std::array<char, 32> size{};
    std::snprintf(size.data(), size.size(), "%zx\r\n", text.size());
    raw(size.data() + text + "\r\n");
}

void Exchange::end() {
    raw("0\r\n\r\n");
    keeps_connection_ = true;
}

void Exchange::hang() {
    char byte = 0;
    while (::recv(descriptor_, &byte, 1, 0) > 0) {
    }
}

ScriptedServer::ScriptedServer(Script script) : script_(std::move(script)) {
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    socket().copy(local.sun_path, sizeof(local.sun_path) - 1);
    listeners_.push_back(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ::bind(listeners_.back(), reinterpret_cast<sockaddr*>(&local), sizeof(local));

    sockaddr_in loopback{};
    loopback.sin_family = AF_INET;
    loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(loopback);
    listeners_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ::bind(listeners_.back(), reinterpret_cast<sockaddr*>(&loopback), size);
    ::getsockname(listeners_.back(), reinterpret_cast<sockaddr*>(&loopback), &size);
    port_ = ntohs(loopback.sin_port);
    for (const int listener : listeners_) {
        ::listen(listener, 64);
        acceptors_.emplace_back([this, listener] { accept_from(listener); });
    }
}

ScriptedServer::~ScriptedServer() {
    stop_ = true;
    for (const int listener : listeners_) {
        ::shutdown(listener, SHUT_RDWR);
    }
    for (auto& acceptor : acceptors_) {
        acceptor.join();
    }
    drop_all();
    for (auto& thread : threads_) {
        thread.join();
    }
    for (const int descriptor : listeners_) {
        ::close(descriptor);
    }
    for (const int descriptor : descriptors_) {
        ::close(descriptor);
    }
}

std::string ScriptedServer::host() const {
    return "127.0.0.1:" + std::to_string(port_);
}

std::string ScriptedServer::url(const std::string& target) const {
    return "http://" + host() + target;
}

std::vector<std::string> ScriptedServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

void ScriptedServer::drop_all() {
    const std::lock_guard lock(mutex_);
    for (const int descriptor : descriptors_) {
        ::shutdown(descriptor, SHUT_RDWR);
    }
}

void ScriptedServer::accept_from(int listener) {
    while (!stop_) {
        const int descriptor = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0) {
            continue;
        }
        const std::lock_guard lock(mutex_);
        descriptors_.push_back(descriptor);
        threads_.emplace_back([this, descriptor] { serve(descriptor); });
    }
}

void ScriptedServer::serve(int descriptor) {
    ++connections_;
    ++open_;
    std::string buffer;
    bool keep = true;
    while (keep) {
        auto request = read_request(descriptor, buffer);
        if (!request) {
            break;
        }
        Exchange exchange(descriptor, std::move(request->first), std::move(request->second));
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(exchange.method() + " " + exchange.target());
        }
        script_(exchange);
        keep = exchange.keeps_connection();
    }
    ::shutdown(descriptor, SHUT_RDWR);
    --open_;
}

bool soon(const std::function<bool()>& holds) {
    for (int left = 3000; left > 0; --left) {
        if (holds()) {
            return true;
        }
        usleep(10'000);
    }
    return false;
}

}  // namespace deployctl::tests
