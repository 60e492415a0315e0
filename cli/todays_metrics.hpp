// SPDX-License-Identifier: Apache-2.0
// What gates of a recorded rollout ask goes to where the metrics source is today: address, tenant
// and credentials are today's configuration's, questions and patience the plan's (docs/adr/0016).
// A program that measures stays the plan's. One owner; engine's thread.
#pragma once

#include "cli/session.hpp"
#include "model/rollout.hpp"
#include "ports/metrics.hpp"

#include <optional>
#include <utility>

namespace deployctl::cli {

class TodaysMetrics final : public Metrics {
public:
    TodaysMetrics(Metrics& metrics, std::optional<MetricsSource> today)
        : metrics_(metrics), today_(std::move(today)) {}

    Task<MetricAnswer> instant(MetricsSource source, std::string query) override;
    Task<MetricAnswer> range(MetricsSource source, std::string query, MetricRange range) override;

    /// The plan's, where today's configuration names none over HTTP.
    MetricsSource as_today(MetricsSource planned) const;

private:
    Metrics& metrics_;
    std::optional<MetricsSource> today_;
};

/// Of the app of this rollout; nothing without a configuration, or where that has mistakes.
std::optional<MetricsSource> todays_source(const Session& session, const RolloutRecord& rollout);

}  // namespace deployctl::cli
