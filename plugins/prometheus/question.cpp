// SPDX-License-Identifier: Apache-2.0
#include "plugins/prometheus/question.hpp"

#include "model/url.hpp"

#include <algorithm>

namespace deployctl::plugins {

namespace {

constexpr std::size_t most_bytes = 16UL * 1024 * 1024;

std::string without_slashes(std::string url) {
    url.erase(url.find_last_not_of('/') + 1);
    return url;
}

/// "1.250000": a duration of PromQL knows nothing below a millisecond.
std::string in_seconds(Duration duration) {
    return std::to_string(std::chrono::duration<double>(duration).count());
}

}  // namespace

Question instant_question(const std::string& query) {
    return {"query", "query=" + url_encode(query)};
}

Question range_question(const std::string& query, const MetricRange& range) {
    return {
        "query_range",
        "query=" + url_encode(query) + "&start=" + url_encode(to_rfc3339(range.from)) +
            "&end=" + url_encode(to_rfc3339(range.to)) + "&step=" + in_seconds(range.step),
    };
}

HttpRequest request_of(
    const MetricsSource& source, const PrometheusAccess& access, const Question& question
) {
    HttpRequest request;
    request.method = "POST";
    request.url = without_slashes(source.url) + "/api/v1/" + question.endpoint;
    request.headers = access.headers;
    request.headers.emplace_back("Content-Type: application/x-www-form-urlencoded");
    request.headers.emplace_back("Accept: application/json");
    request.body = question.form;
    request.most_bytes = most_bytes;
    request.tls = {source.ca_file, source.cert_file, source.key_file};
    return request;
}

std::string shown_place(const std::string& url) {
    const auto scheme = url.find("://");
    auto place = scheme == std::string::npos ? url : url.substr(scheme + 3);
    place.erase(std::min(place.find_first_of("?#"), place.size()));
    const auto user = place.substr(0, place.find('/')).rfind('@');
    place.erase(0, user == std::string::npos ? 0 : user + 1);
    return without_slashes(place);
}

}  // namespace deployctl::plugins
