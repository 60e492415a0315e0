// SPDX-License-Identifier: Apache-2.0
// A query as a run of the user's program, and what it prints: docs/formats/exec-metrics.md. Pure.
// Nothing of what it prints is believed: what is not as it should be is a failure that says so.
#pragma once

#include "model/metrics.hpp"
#include "ports/metrics.hpp"
#include "ports/process.hpp"

#include <optional>

namespace deployctl::plugins::exec_metrics {

/// The query stands in its input only: arguments are seen by everybody on the machine. Ends within
/// the source's timeout.
Command command_of(
    const MetricsSource& source, const std::string& query, const std::optional<MetricRange>& range
);

MetricAnswer read_answer(const MetricsSource& source, const CommandResult& result);
/// The same of a range. A grid of its own may begin or end a step beside what was asked; a point
/// further away is about another time, and the whole answer a failure.
MetricAnswer read_range(
    const MetricsSource& source, const CommandResult& result, const MetricRange& range
);

}  // namespace deployctl::plugins::exec_metrics
