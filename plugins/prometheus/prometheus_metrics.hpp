// SPDX-License-Identifier: Apache-2.0
// Prometheus' HTTP API, which Thanos, Mimir and VictoriaMetrics speak as well. Asks again, within
// the one timeout, where nobody answered, or with 429 or 5xx. No redirect is followed, so that no
// credentials go where nobody sent them; no secret stands in a message. Every trouble is in the
// answer. Engine's thread.
#pragma once

#include "plugins/prometheus/question.hpp"
#include "ports/clock.hpp"
#include "ports/http.hpp"
#include "ports/metrics.hpp"

namespace deployctl::plugins {

class PrometheusMetrics final : public Metrics {
public:
    PrometheusMetrics(Http& http, Clock& clock) : http_(http), clock_(clock) {}

    Task<MetricAnswer> instant(MetricsSource source, std::string query) override;
    Task<MetricAnswer> range(MetricsSource source, std::string query, MetricRange range) override;

private:
    Task<MetricAnswer> ask(MetricsSource source, Question question);
    Task<MetricAnswer> ask_until(MetricsSource source, HttpRequest request);

    Http& http_;
    Clock& clock_;
};

}  // namespace deployctl::plugins
