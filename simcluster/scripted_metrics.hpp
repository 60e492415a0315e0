// SPDX-License-Identifier: Apache-2.0
// A metrics source that says what a test makes of each query, and keeps them all. One thread.
#pragma once

#include "ports/metrics.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace deployctl::simcluster {

class ScriptedMetrics final : public Metrics {
public:
    using Script = std::function<MetricAnswer(const std::string& query)>;

    using RangeScript = std::function<MetricAnswer(const std::string&, const MetricRange&)>;

    /// What has no script of its own for ranges answers them as it does the present.
    void answer_ranges(RangeScript script) { ranges_ = std::move(script); }

    /// Until then it answers nothing.
    void answer(Script script) { script_ = std::move(script); }

    const std::vector<std::string>& queries() const { return queries_; }

    Task<MetricAnswer> instant(MetricsSource, std::string query) override {
        queries_.push_back(query);
        co_return script_ ? script_(query) : silence();
    }

    Task<MetricAnswer> range(MetricsSource, std::string query, MetricRange range) override {
        queries_.push_back(query);
        if (ranges_) {
            co_return ranges_(query, range);
        }
        co_return script_ ? script_(query) : silence();
    }

private:
    static MetricAnswer silence() {
        return {MetricAnswer::Kind::failed, {}, "nothing is measured in a simulation", {}};
    }

    Script script_;
    RangeScript ranges_;
    std::vector<std::string> queries_;
};

}  // namespace deployctl::simcluster
