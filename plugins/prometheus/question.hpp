// SPDX-License-Identifier: Apache-2.0
// A query as a request of Prometheus' HTTP API. Pure.
#pragma once

#include "plugins/prometheus/access.hpp"
#include "ports/http.hpp"
#include "ports/metrics.hpp"

#include <string>

namespace deployctl::plugins {

struct Question {
    std::string endpoint;  ///< "query"
    std::string form;      ///< "query=up"
};

Question instant_question(const std::string& query);
Question range_question(const std::string& query, const MetricRange& range);

/// A POST, since a long query fits into no URL.
HttpRequest request_of(
    const MetricsSource& source, const PrometheusAccess& access, const Question& question
);
/// "prom.example.com/tenant", as messages call the source.
std::string shown_place(const std::string& url);

}  // namespace deployctl::plugins
