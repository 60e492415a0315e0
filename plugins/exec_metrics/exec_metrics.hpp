// SPDX-License-Identifier: Apache-2.0
// A program of the user's own as a source of metrics: one run a query. It inherits the environment,
// where its secrets are; it is not asked again where it fails. Every trouble is in the answer.
// Engine's thread.
#pragma once

#include "ports/metrics.hpp"
#include "ports/process.hpp"

namespace deployctl::plugins {

class ExecMetrics final : public Metrics {
public:
    explicit ExecMetrics(Process& process) : process_(process) {}

    Task<MetricAnswer> instant(MetricsSource source, std::string query) override;
    Task<MetricAnswer> range(MetricsSource source, std::string query, MetricRange range) override;

private:
    Process& process_;
};

/// A source that is a program is run, any other is asked over HTTP.
class MetricsOfEitherKind final : public Metrics {
public:
    MetricsOfEitherKind(Metrics& over_http, Metrics& by_program)
        : over_http_(over_http), by_program_(by_program) {}

    Task<MetricAnswer> instant(MetricsSource source, std::string query) override;
    Task<MetricAnswer> range(MetricsSource source, std::string query, MetricRange range) override;

private:
    Metrics& way_to(const MetricsSource& source);

    Metrics& over_http_;
    Metrics& by_program_;
};

}  // namespace deployctl::plugins
