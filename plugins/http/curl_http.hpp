// SPDX-License-Identifier: Apache-2.0
// HTTP by libcurl: one thread drives all transfers, answers come back on the executor of the awaiting coroutine.
// Connections are kept and used again. Lives as long as the program; outlives every request.
#pragma once

#include <memory>

#include "ports/http.hpp"

namespace deployctl::plugins {

class CurlHttp final : public Http {
public:
    CurlHttp();
    ~CurlHttp() override;

    Task<HttpAnswer> send(HttpRequest request) override;
    Task<HttpAnswer> stream(HttpRequest request, std::function<void(std::string)> on_line) override;

private:
    class Transfers;
    std::unique_ptr<Transfers> transfers_;
};

}  // namespace deployctl::plugins
