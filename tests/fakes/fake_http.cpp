// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/fake_http.hpp"

#include <sstream>

namespace deployctl::tests {

FakeHttp& FakeHttp::on(const std::string& method_and_url, int status, std::string body) {
    HttpAnswer answer;
    answer.kind = HttpAnswer::Kind::answered;
    answer.status = status;
    answer.body = std::move(body);
    return on(method_and_url, std::move(answer));
}

FakeHttp& FakeHttp::on(const std::string& method_and_url, HttpAnswer answer) {
    answers_[method_and_url] = std::move(answer);
    return *this;
}

Task<HttpAnswer> FakeHttp::send(HttpRequest request) {
    co_return answer_to(request);
}

Task<HttpAnswer> FakeHttp::stream(HttpRequest request, std::function<void(std::string)> on_line) {
    auto answer = answer_to(request);
    std::istringstream lines(answer.body);
    for (std::string line; std::getline(lines, line);) {
        on_line(line);
    }
    answer.body.clear();
    co_return answer;
}

HttpAnswer FakeHttp::answer_to(const HttpRequest& request) {
    requests_.push_back(request);
    const auto asked = request.method + " " + request.url;
    // Sorted by text: of those that begin it, the last is the longest.
    for (auto place = answers_.rbegin(); place != answers_.rend(); ++place) {
        if (asked.starts_with(place->first)) {
            return place->second;
        }
    }
    HttpAnswer refused;
    refused.kind = HttpAnswer::Kind::not_sent;
    refused.failure = "connection refused";
    return refused;
}

}  // namespace deployctl::tests
