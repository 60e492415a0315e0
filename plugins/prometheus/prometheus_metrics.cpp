// SPDX-License-Identifier: Apache-2.0
#include "plugins/prometheus/prometheus_metrics.hpp"

#include "plugins/prometheus/answer.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace deployctl::plugins {

namespace {

constexpr int too_many_requests = 429;
constexpr Duration first_pause = milliseconds(100);
constexpr Duration longest_pause = seconds(1);
constexpr Duration shortest_timeout = milliseconds(1);  ///< zero would be none at all

Duration pause_before(int retry) {
    Duration pause = first_pause;
    for (; retry > 0 && pause < longest_pause; --retry) {
        pause *= 2;
    }
    return std::min(pause, longest_pause);
}

/// What the source asks for, where it says so in seconds.
std::optional<Duration> retry_after(const HttpAnswer& answer) {
    const auto header = answer.headers.find("retry-after");
    if (header == answer.headers.end()) {
        return std::nullopt;
    }
    const auto& text = header->second;
    unsigned count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const bool is_whole = error == std::errc{} && end == text.data() + text.size();
    return is_whole ? std::optional<Duration>(seconds(count)) : std::nullopt;
}

bool is_worth_a_retry(const HttpAnswer& answer) {
    if (answer.kind != HttpAnswer::Kind::answered) {
        return !answer.is_too_large;
    }
    return answer.status == too_many_requests || answer.status / 100 == 5;
}

/// What was tried, for where it was in vain.
std::string tried(int attempts, const HttpAnswer& last) {
    std::string text = attempts > 1 ? "asked " + std::to_string(attempts) + " times" : "";
    if (const auto wanted = retry_after(last); wanted && is_worth_a_retry(last)) {
        text += (text.empty() ? "" : "; ") + ("it wants to be asked again in " + to_text(*wanted));
    }
    return text.empty() ? "" : " (" + text + ")";
}

/// Names the source where it was at fault, and no secret that somebody has repeated.
MetricAnswer told(MetricAnswer answer, const std::string& place, const PrometheusAccess& access) {
    if (answer.kind == MetricAnswer::Kind::failed) {
        answer.failure = place + ": " + answer.failure;
    }
    answer.failure = without_secrets(std::move(answer.failure), access.secrets);
    for (auto& warning : answer.warnings) {
        warning = without_secrets(std::move(warning), access.secrets);
    }
    return answer;
}

}  // namespace

Task<MetricAnswer> PrometheusMetrics::instant(MetricsSource source, std::string query) {
    const auto question = instant_question(query);
    auto answer = co_await ask(source, question);
    co_return answer;
}

Task<MetricAnswer> PrometheusMetrics::range(
    MetricsSource source, std::string query, MetricRange range
) {
    const auto question = range_question(query, range);
    auto answer = co_await ask(source, question);
    co_return answer;
}

Task<MetricAnswer> PrometheusMetrics::ask(MetricsSource source, Question question) {
    const auto access = read_access(source);
    const auto place = shown_place(source.url);
    if (!access.failure.empty()) {
        MetricAnswer unasked;
        unasked.kind = MetricAnswer::Kind::failed;
        unasked.failure = access.failure;
        co_return told(std::move(unasked), place, access);
    }
    const auto request = request_of(source, access, question);
    auto answer = co_await ask_until(source, request);
    co_return told(std::move(answer), place, access);
}

Task<MetricAnswer> PrometheusMetrics::ask_until(MetricsSource source, HttpRequest request) {
    const auto end = clock_.boot_time() + source.timeout;
    for (int retry = 0;; ++retry) {
        request.timeout = std::max(end - clock_.boot_time(), shortest_timeout);
        const auto response = co_await http_.send(request);
        const auto pause =
            std::max(retry_after(response).value_or(Duration{}), pause_before(retry));
        const bool is_last = !is_worth_a_retry(response) || retry >= source.retries ||
                             clock_.boot_time() + pause >= end;
        if (is_last) {
            auto answer = read_answer(response, source);
            answer.failure += answer.failure.empty() ? "" : tried(retry + 1, response);
            co_return answer;
        }
        co_await clock_.sleep(pause);
    }
}

}  // namespace deployctl::plugins
