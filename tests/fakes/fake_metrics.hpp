// SPDX-License-Identifier: Apache-2.0
// A metrics source that knows the answers it was told, by the text of the query, and nothing of
// PromQL; an unknown query finds no series. Several answers to one query come one after the other,
// and the last of them stays. Counts what it is asked. One thread.
#pragma once

#include "ports/metrics.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace deployctl::tests {

class FakeMetrics final : public Metrics {
public:
    FakeMetrics& on(const std::string& query, MetricAnswer answer);
    /// One series without labels.
    FakeMetrics& on(const std::string& query, double value);

    /// Whatever is asked, until `come_back`.
    void go_away(const std::string& why = "connection refused") { failure_ = why; }

    void come_back() { failure_.clear(); }

    int questions() const { return static_cast<int>(asked_.size()); }

    int questions(const std::string& query) const;

    /// Every query, in order.
    const std::vector<std::string>& asked() const { return asked_; }

    const MetricsSource& last_source() const { return last_source_; }

    const MetricRange& last_range() const { return last_range_; }

    Task<MetricAnswer> instant(MetricsSource source, std::string query) override;
    Task<MetricAnswer> range(MetricsSource source, std::string query, MetricRange range) override;

private:
    MetricAnswer answer_to(const MetricsSource& source, const std::string& query);

    std::map<std::string, std::deque<MetricAnswer>> answers_;
    std::vector<std::string> asked_;
    MetricsSource last_source_;
    MetricRange last_range_;
    std::string failure_;
};

/// Answers in short, for scripts.
MetricAnswer metric_series(std::vector<MetricSeries> series);
MetricAnswer metric_refusal(const std::string& why);
MetricAnswer metric_failure(const std::string& why);

}  // namespace deployctl::tests
