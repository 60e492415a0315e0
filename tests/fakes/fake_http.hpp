// SPDX-License-Identifier: Apache-2.0
// A server of a test: one answer for each "GET http://..." it was told, of several the longest
// begin wins. Anything else is `not_sent`, connection refused. A stream gives the lines of the body
// and ends. One thread.
#pragma once

#include "ports/http.hpp"

#include <map>
#include <string>
#include <vector>

namespace deployctl::tests {

class FakeHttp final : public Http {
public:
    FakeHttp& on(const std::string& method_and_url, int status, std::string body);
    FakeHttp& on(const std::string& method_and_url, HttpAnswer answer);

    const std::vector<HttpRequest>& requests() const { return requests_; }

    Task<HttpAnswer> send(HttpRequest request) override;
    Task<HttpAnswer> stream(HttpRequest request, std::function<void(std::string)> on_line) override;

private:
    HttpAnswer answer_to(const HttpRequest& request);

    std::map<std::string, HttpAnswer> answers_;
    std::vector<HttpRequest> requests_;
};

}  // namespace deployctl::tests
