// SPDX-License-Identifier: Apache-2.0
// HTTP by libcurl: one thread drives all transfers, answers come back on the executor of the
// awaiting coroutine, and a cancelled task ends its transfer. Connections are kept and used again.
// Redirects are answers, not followed; a timeout of zero is none. What failed is told in libcurl's
// words, which hold no header and no body. Lives as long as the program; outlives every request.
#pragma once

#include "ports/http.hpp"

#include <memory>

namespace deployctl::plugins {

class CurlHttp final : public Http {
public:
    CurlHttp();
    ~CurlHttp() override;

    Task<HttpAnswer> send(HttpRequest request) override;
    /// Lines of a success only; what a refusal says is in the answer's body.
    Task<HttpAnswer> stream(HttpRequest request, std::function<void(std::string)> on_line) override;

private:
    class Transfers;
    std::unique_ptr<Transfers> transfers_;
};

}  // namespace deployctl::plugins
