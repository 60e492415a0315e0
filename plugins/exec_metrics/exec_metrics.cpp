// SPDX-License-Identifier: Apache-2.0
#include "plugins/exec_metrics/exec_metrics.hpp"

#include "plugins/exec_metrics/question.hpp"

namespace deployctl::plugins {

Task<MetricAnswer> ExecMetrics::instant(MetricsSource source, std::string query) {
    const auto command = exec_metrics::command_of(source, query, std::nullopt);
    const auto result = co_await process_.run(command);
    co_return exec_metrics::read_answer(source, result);
}

Task<MetricAnswer> ExecMetrics::range(MetricsSource source, std::string query, MetricRange range) {
    const auto command = exec_metrics::command_of(source, query, range);
    const auto result = co_await process_.run(command);
    co_return exec_metrics::read_range(source, result, range);
}

Metrics& MetricsOfEitherKind::way_to(const MetricsSource& source) {
    return source.run.empty() ? over_http_ : by_program_;
}

Task<MetricAnswer> MetricsOfEitherKind::instant(MetricsSource source, std::string query) {
    auto answer = co_await way_to(source).instant(source, query);
    co_return answer;
}

Task<MetricAnswer> MetricsOfEitherKind::range(
    MetricsSource source, std::string query, MetricRange range
) {
    auto answer = co_await way_to(source).range(source, query, range);
    co_return answer;
}

}  // namespace deployctl::plugins
