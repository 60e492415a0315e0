// SPDX-License-Identifier: Apache-2.0
// One request on its way through libcurl, and what is made of its answer. Made on the engine's
// thread, then owned by the thread of the transfers until it ends. Private to plugins/http.
#pragma once

#include "ports/http.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <curl/curl.h>

#include <array>
#include <functional>
#include <string>
#include <string_view>

namespace deployctl::plugins {

class Transfer {
public:
    using LineSink = std::function<void(std::string)>;

    /// Lines go to `on_line` by way of `executor`; without it the body is kept.
    Transfer(HttpRequest request, LineSink on_line, boost::asio::any_io_executor executor);
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    CURL* handle() const { return handle_; }

    const boost::asio::any_io_executor& executor() const { return executor_; }

    /// The answer, once libcurl is done with the request. Call once.
    HttpAnswer conclude(CURLcode code);

private:
    static std::size_t on_body(char* data, std::size_t, std::size_t size, void* user);
    static std::size_t on_header(char* data, std::size_t, std::size_t size, void* user);
    void prepare_body();
    void prepare_tls();
    void prepare_way();
    bool keep(std::string_view chunk, std::size_t at_most);
    bool take_lines(std::string_view chunk);
    void take_header(std::string_view line);
    void give_line(std::string line);
    bool is_success() const;

    HttpRequest request_;
    LineSink on_line_;
    boost::asio::any_io_executor executor_;
    HttpAnswer answer_;
    std::string partial_line_;
    std::array<char, CURL_ERROR_SIZE> words_{};  // libcurl's, on what went wrong
    curl_slist* headers_ = nullptr;
    CURL* handle_ = nullptr;
};

}  // namespace deployctl::plugins
