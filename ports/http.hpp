// SPDX-License-Identifier: Apache-2.0
// HTTP as a client, as a port: one request and its whole answer, or a stream of lines (a watch); or
// only the connection.
// Accidents of the connection are values in the answer. Engine's thread.
#pragma once

#include "model/time.hpp"
#include "ports/task.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace deployctl {

/// Files in PEM. The server's certificate is verified, whatever stands here.
struct HttpTls {
    std::string ca_file = {};  ///< who is trusted, and nobody else; empty: the system's authorities
    std::string cert_file = {};  ///< of the client
    std::string key_file = {};   ///< empty: in `cert_file` as well
};

struct HttpRequest {
    /// `two`: nothing else, without asking first, or over TLS where the server takes it.
    enum class Version { usual, two };
    /// `connection`: nothing is sent; it is answered (with no status) when somebody has accepted.
    /// No proxy is asked, which would accept anything.
    enum class Reach { answer, connection };

    std::string method = "GET";
    std::string url;
    std::string unix_socket;           ///< empty: TCP
    std::vector<std::string> headers;  ///< "Accept: application/json"
    std::string body;
    Duration timeout = seconds(10);
    Duration connect_timeout = seconds(5);
    std::size_t most_bytes = 256UL << 20U;  ///< of the answer's body
    HttpTls tls;
    Version version = Version::usual;
    Reach reach = Reach::answer;
};

struct HttpAnswer {
    /// `not_sent`: certainly never reached the server; `lost`: sent, and no whole answer came.
    enum class Kind { answered, not_sent, lost } kind{};
    int status = 0;
    std::string body;
    std::map<std::string, std::string> headers;  ///< lower-case names; those behind a body as well
    std::string failure;
    bool is_unresolved = false;  ///< not sent, because nobody knows the host
    bool is_late = false;        ///< lost, because the request's time was up
    bool is_too_large = false;   ///< lost, because the body went past `most_bytes`
    Duration took{};
};

class Http {
public:
    virtual ~Http() = default;
    virtual Task<HttpAnswer> send(HttpRequest request) = 0;
    /// Calls `on_line` for each line of the body, on the engine's thread, until the stream ends or
    /// the task is cancelled; the answer has the status and the failure. Where the server refuses,
    /// no line comes, and the answer's body has the server's words.
    virtual Task<HttpAnswer> stream(
        HttpRequest request, std::function<void(std::string)> on_line
    ) = 0;
};

}  // namespace deployctl
