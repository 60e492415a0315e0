// SPDX-License-Identifier: Apache-2.0
// What a load test has measured, whoever ran it (docs/formats/load-report.md): the summary of k6 as
// JSON, the CSV of hey, or a plain JSON object. A report of no requests, or that cannot be
// understood as a whole, has `trouble`. Pure; any thread.
#pragma once

#include "model/time.hpp"
#include "model/value.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::gates {

/// Which share of the requests took no longer.
struct Percentile {
    const char* name;
    double share;
};

inline constexpr std::array<Percentile, 3> percentiles{{{"p50", 0.5}, {"p95", 0.95}, {"p99", 0.99}}
};

/// In milliseconds. With every single time the interval holds 95% of what it may be in truth; a
/// summary says one number, which is both of its ends.
struct Latency {
    double value = 0;
    double low = 0;
    double high = 0;
    bool is_certain = true;  ///< enough requests took longer for it to be more than chance
};

struct LoadReport {
    std::array<std::optional<Latency>, percentiles.size()> latency = {};
    double requests = 0;
    double errors = 0;
    std::optional<WallTime> made_at = {};  ///< by its own word
    std::string advice = {};               ///< how its writer writes another percentile
    Value document = {};                   ///< for what it says it is about
    std::string trouble = {};              ///< why it cannot be judged

    double error_rate() const { return errors / requests; }
};

LoadReport read_load_report(std::string_view text);

/// Of single times, in order, at least one.
Latency latency_of(const std::vector<double>& times, double share);

}  // namespace deployctl::gates
