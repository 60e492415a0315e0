// SPDX-License-Identifier: Apache-2.0
// What every source of metrics answers in the same way: the suite of the port `Metrics`, played on
// the fake, on a server that repeats recorded answers, and on a real Prometheus. The source has
// measured demo_requests_total (93 with code 200, 7 with code 500) and demo_zero (0).
#pragma once

#include "ports/metrics.hpp"

#include <map>
#include <string>

namespace deployctl::tests {

struct RecordedAnswer {
    int status = 200;
    std::string body;
};

/// Prometheus 2.42's own answers to the queries of the suite, by query.
const std::map<std::string, RecordedAnswer>& recorded_answers();

void check_metrics_source(Metrics& metrics, const MetricsSource& source, WallTime now);

}  // namespace deployctl::tests
