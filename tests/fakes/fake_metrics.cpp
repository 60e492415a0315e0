// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/fake_metrics.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::tests {

FakeMetrics& FakeMetrics::on(const std::string& query, MetricAnswer answer) {
    answers_[query].push_back(std::move(answer));
    return *this;
}

FakeMetrics& FakeMetrics::on(const std::string& query, double value) {
    return on(query, metric_series({{{}, {{WallTime{}, value}}}}));
}

int FakeMetrics::questions(const std::string& query) const {
    return static_cast<int>(std::ranges::count(asked_, query));
}

Task<MetricAnswer> FakeMetrics::instant(MetricsSource source, std::string query) {
    co_return answer_to(source, query);
}

Task<MetricAnswer> FakeMetrics::range(MetricsSource source, std::string query, MetricRange range) {
    last_range_ = range;
    co_return answer_to(source, query);
}

MetricAnswer FakeMetrics::answer_to(const MetricsSource& source, const std::string& query) {
    asked_.push_back(query);
    last_source_ = source;
    if (!failure_.empty()) {
        return metric_failure(failure_);
    }
    const auto found = answers_.find(query);
    if (found == answers_.end()) {
        return metric_series({});
    }
    auto& script = found->second;
    auto answer = script.front();
    if (script.size() > 1) {
        script.pop_front();
    }
    return answer;
}

MetricAnswer metric_series(std::vector<MetricSeries> series) {
    return {MetricAnswer::Kind::series, std::move(series), "", {}};
}

MetricAnswer metric_refusal(const std::string& why) {
    return {MetricAnswer::Kind::refused, {}, why, {}};
}

MetricAnswer metric_failure(const std::string& why) {
    return {MetricAnswer::Kind::failed, {}, why, {}};
}

}  // namespace deployctl::tests
