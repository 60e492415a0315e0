// SPDX-License-Identifier: Apache-2.0
// A metrics source, asked by PromQL. Whatever goes wrong is in the answer, which never holds more
// than a bounded number of series. Engine's thread.
#pragma once

#include "model/metrics.hpp"
#include "ports/task.hpp"

#include <string>

namespace deployctl {

struct MetricRange {
    WallTime from;
    WallTime to;
    Duration step{};
};

class Metrics {
public:
    virtual ~Metrics() = default;
    /// The value of each series now.
    virtual Task<MetricAnswer> instant(MetricsSource source, std::string query) = 0;
    virtual Task<MetricAnswer> range(
        MetricsSource source, std::string query, MetricRange range
    ) = 0;
};

}  // namespace deployctl
