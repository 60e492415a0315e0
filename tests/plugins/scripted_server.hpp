// SPDX-License-Identifier: Apache-2.0
// A small HTTP/1.1 server that answers as the test says, well or badly. It listens on a unix socket
// and on a port of the loopback; each connection has a thread, which calls the script. Ended and
// waited for with this object.
#pragma once

#include "tests/plugins/scratch_folder.hpp"

#include <atomic>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace deployctl::tests {

/// One request, and the ways to answer it. A script that answers nothing closes the connection.
class Exchange {
public:
    Exchange(int descriptor, std::string head, std::string body);

    const std::string& method() const { return method_; }

    const std::string& target() const { return target_; }  ///< path and query

    const std::string& body() const { return body_; }

    std::string header(const std::string& name) const;  ///< lower-case name

    void answer(int status, const std::string& body, const std::string& headers = "");
    /// A chunked answer, to which `chunk` adds until the connection is closed, or `end`.
    void begin_stream(int status = 200);
    void chunk(const std::string& text);
    void end();
    void raw(const std::string& bytes);
    /// Answers nothing more and keeps the connection until the client goes or the server ends.
    void hang();

    bool keeps_connection() const { return keeps_connection_; }

private:
    int descriptor_;
    std::string head_;
    std::string body_;
    std::string method_;
    std::string target_;
    bool keeps_connection_ = false;
};

class ScriptedServer {
public:
    using Script = std::function<void(Exchange&)>;

    explicit ScriptedServer(Script script);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    std::string socket() const { return folder_.path() + "/server"; }

    std::string url(const std::string& target) const;
    std::string host() const;  ///< "127.0.0.1:4711"

    int connections() const { return connections_; }

    int open_connections() const { return open_; }

    std::vector<std::string> requests() const;  ///< "GET /api", in order of their coming
    /// Ends every connection that there is, in the middle of whatever it says.
    void drop_all();

private:
    void accept_from(int listener);
    void serve(int descriptor);

    Script script_;
    ScratchFolder folder_;
    std::vector<int> listeners_;
    int port_ = 0;
    std::atomic<int> connections_ = 0;
    std::atomic<int> open_ = 0;
    std::atomic<bool> stop_ = false;
    mutable std::mutex mutex_;  // guards the lists below
    std::vector<int> descriptors_;
    std::vector<std::string> requests_;
    std::list<std::thread> threads_;
    std::vector<std::thread> acceptors_;
};

/// Waits up to half a minute for it: a busy machine is slow, and no failure.
bool soon(const std::function<bool()>& holds);

/// A place at which requests meet: each waits there until so many have come, so that only a client
/// that runs them side by side gets through. No clock is asked.
class Meeting {
public:
    explicit Meeting(int expected) : expected_(expected) {}

    /// Whether all came.
    bool join() {
        ++come_;
        return soon([this] { return come_ >= expected_; });
    }

private:
    int expected_;
    std::atomic<int> come_ = 0;
};

}  // namespace deployctl::tests
