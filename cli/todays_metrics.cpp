// SPDX-License-Identifier: Apache-2.0
#include "cli/todays_metrics.hpp"

#include "cli/deploy_file.hpp"

namespace deployctl::cli {

MetricsSource TodaysMetrics::as_today(MetricsSource planned) const {
    if (!today_ || !today_->run.empty() || !planned.run.empty()) {
        return planned;
    }
    auto source = *today_;
    source.timeout = planned.timeout;
    source.retries = planned.retries;
    return source;
}

Task<MetricAnswer> TodaysMetrics::instant(MetricsSource source, std::string query) {
    const auto asked = as_today(source);
    auto answer = co_await metrics_.instant(asked, query);
    co_return answer;
}

Task<MetricAnswer> TodaysMetrics::range(
    MetricsSource source, std::string query, MetricRange range
) {
    const auto asked = as_today(source);
    auto answer = co_await metrics_.range(asked, query, range);
    co_return answer;
}

/// A mistake in it is no reason not to go on, nor to go back.
std::optional<MetricsSource> todays_source(const Session& session, const RolloutRecord& rollout) {
    const auto& place = session.globals.place;
    if (deploy_file(place).empty()) {
        return std::nullopt;
    }
    try {
        const auto loaded = load_deploy_file(place);
        const bool is_meant =
            !has_errors(loaded.diagnostics) && loaded.configuration.app.name == rollout.target.app;
        return is_meant ? loaded.configuration.prometheus : std::nullopt;
    } catch (const Error&) {
        return std::nullopt;  // nor is one that cannot be read
    }
}

}  // namespace deployctl::cli
