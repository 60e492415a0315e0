// SPDX-License-Identifier: Apache-2.0
#include "plugins/http/transfer.hpp"

#include "model/text.hpp"

#include <boost/asio/post.hpp>

namespace deployctl::plugins {

namespace {

constexpr std::size_t longest_line = 16UL * 1024 * 1024;
constexpr std::size_t longest_refusal = 64UL * 1024;

long in_millis(Duration duration) {
    return static_cast<long>(std::chrono::ceil<milliseconds>(duration).count());
}

bool carries_body(const HttpRequest& request) {
    const std::string_view method = request.method;
    return !request.body.empty() ||
           method.starts_with('P');  // POST, PUT, PATCH: also with an empty one
}

}  // namespace

Transfer::Transfer(HttpRequest request, LineSink on_line, boost::asio::any_io_executor executor)
    : request_(std::move(request)),
      on_line_(std::move(on_line)),
      executor_(std::move(executor)),
      handle_(curl_easy_init()) {
    curl_easy_setopt(handle_, CURLOPT_PRIVATE, this);
    curl_easy_setopt(handle_, CURLOPT_URL, request_.url.c_str());
    curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle_, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(handle_, CURLOPT_USERAGENT, "deployctl");
    curl_easy_setopt(handle_, CURLOPT_TIMEOUT_MS, in_millis(request_.timeout));
    curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT_MS, in_millis(request_.connect_timeout));
    curl_easy_setopt(handle_, CURLOPT_ERRORBUFFER, words_.data());
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(handle_, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(handle_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (!request_.unix_socket.empty()) {
        curl_easy_setopt(handle_, CURLOPT_UNIX_SOCKET_PATH, request_.unix_socket.c_str());
        curl_easy_setopt(handle_, CURLOPT_PROXY, "");
    }
    prepare_tls();
    prepare_way();
    prepare_body();
}

Transfer::~Transfer() {
    curl_easy_cleanup(handle_);
    curl_slist_free_all(headers_);
}

void Transfer::prepare_tls() {
    curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYHOST, 2L);
    const auto& tls = request_.tls;
    if (!tls.ca_file.empty()) {
        curl_easy_setopt(handle_, CURLOPT_CAINFO, tls.ca_file.c_str());
        curl_easy_setopt(handle_, CURLOPT_CAPATH, nullptr);  // else the system's count as well
    }
    if (!tls.cert_file.empty()) {
        curl_easy_setopt(handle_, CURLOPT_SSLCERT, tls.cert_file.c_str());
    }
    if (!tls.key_file.empty()) {
        curl_easy_setopt(handle_, CURLOPT_SSLKEY, tls.key_file.c_str());
    }
}

void Transfer::prepare_way() {
    if (request_.version == HttpRequest::Version::two ||
        request_.reach == HttpRequest::Reach::connection) {
        // A kept connection leads to whom it led before, whoever has taken over since.
        curl_easy_setopt(handle_, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(handle_, CURLOPT_FORBID_REUSE, 1L);
        curl_easy_setopt(handle_, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    }
    if (request_.version == HttpRequest::Version::two) {
        const bool is_encrypted = request_.url.starts_with("https://");
        const long version =
            is_encrypted ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
        curl_easy_setopt(handle_, CURLOPT_HTTP_VERSION, version);
    }
    if (request_.reach == HttpRequest::Reach::connection) {
        curl_easy_setopt(handle_, CURLOPT_CONNECT_ONLY, 1L);
        curl_easy_setopt(handle_, CURLOPT_PROXY, "");
    }
}

void Transfer::prepare_body() {
    if (carries_body(request_)) {
        const auto size = static_cast<curl_off_t>(request_.body.size());
        curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE, size);
        curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, request_.body.data());
    }
    const std::string_view method = request_.method;
    if (method.compare("HEAD") == 0) {
        curl_easy_setopt(handle_, CURLOPT_NOBODY, 1L);
    } else {
        curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    }
    for (const auto& header : request_.headers) {
        headers_ = curl_slist_append(headers_, header.c_str());
    }
    headers_ = curl_slist_append(headers_, "Expect:");  // never wait for a 100
    curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers_);
}

bool Transfer::is_success() const {
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    return status >= 200 && status < 300;
}

std::size_t Transfer::on_body(char* data, std::size_t, std::size_t size, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    const std::string_view chunk(data, size);
    const bool streams = transfer.on_line_ != nullptr;
    if (streams && transfer.is_success()) {
        return transfer.take_lines(chunk) ? size : 0;
    }
    const auto at_most = streams ? longest_refusal : transfer.request_.most_bytes;
    return transfer.keep(chunk, at_most) ? size : 0;
}

bool Transfer::keep(std::string_view chunk, std::size_t at_most) {
    if (answer_.body.size() + chunk.size() > at_most) {
        answer_.failure = "the answer is larger than " + std::to_string(at_most) + " bytes";
        answer_.is_too_large = true;
        return false;
    }
    answer_.body += chunk;
    return true;
}

bool Transfer::take_lines(std::string_view chunk) {
    for (auto end = chunk.find('\n'); end != chunk.npos; end = chunk.find('\n')) {
        partial_line_ += chunk.substr(0, end);
        give_line(std::move(partial_line_));
        partial_line_.clear();
        chunk.remove_prefix(end + 1);
    }
    partial_line_ += chunk;
    if (partial_line_.size() > longest_line) {
        answer_.failure = "a line is longer than " + std::to_string(longest_line) + " bytes";
        return false;
    }
    return true;
}

void Transfer::give_line(std::string line) {
    boost::asio::post(executor_, [sink = on_line_, line = std::move(line)]() mutable {
        sink(std::move(line));
    });
}

std::size_t Transfer::on_header(char* data, std::size_t, std::size_t size, void* user) {
    static_cast<Transfer*>(user)->take_header({data, size});
    return size;
}

void Transfer::take_header(std::string_view line) {
    if (line.starts_with("HTTP/")) {
        answer_.headers.clear();  // the last of several answers counts: 100, then 200
        return;
    }
    const auto colon = line.find(':');
    if (colon == line.npos) {
        return;
    }
    const auto name = lower(std::string(line.substr(0, colon)));
    const auto begin = std::min(line.find_first_not_of(" \t\r\n", colon + 1), line.size());
    const auto end = line.find_last_not_of(" \t\r\n");
    answer_.headers[name] =
        end < begin ? std::string() : std::string(line.substr(begin, end + 1 - begin));
}

HttpAnswer Transfer::conclude(CURLcode code) {
    long status = 0;
    long sent = 0;
    curl_off_t took = 0;
    curl_off_t resolved = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(handle_, CURLINFO_REQUEST_SIZE, &sent);
    curl_easy_getinfo(handle_, CURLINFO_TOTAL_TIME_T, &took);
    curl_easy_getinfo(handle_, CURLINFO_NAMELOOKUP_TIME_T, &resolved);
    answer_.status = static_cast<int>(status);
    answer_.took = Duration(took);
    if (code == CURLE_OK) {
        answer_.kind = HttpAnswer::Kind::answered;
        if (on_line_ && !partial_line_.empty()) {
            give_line(std::move(partial_line_));
        }
        return std::move(answer_);
    }
    answer_.kind = sent == 0 ? HttpAnswer::Kind::not_sent : HttpAnswer::Kind::lost;
    answer_.is_unresolved = code == CURLE_COULDNT_RESOLVE_HOST ||
                            (code == CURLE_OPERATION_TIMEDOUT && sent == 0 && resolved == 0);
    answer_.is_late = sent != 0 && code == CURLE_OPERATION_TIMEDOUT;
    if (answer_.failure.empty()) {
        answer_.failure = words_.front() == '\0' ? curl_easy_strerror(code) : words_.data();
    }
    return std::move(answer_);
}

}  // namespace deployctl::plugins
