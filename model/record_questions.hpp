// SPDX-License-Identifier: Apache-2.0
// Questions about what was written down before: other rollouts in the journal, reports of other
// programs, backups. What they mean is the gates' (gates/). Values; any thread.
#pragma once

#include "model/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

/// Whether the version was promoted in another environment of the app, and has stood there since
/// (gates/soak_gate.hpp).
struct SoakQuestion {
    std::string environment;
    Duration length = std::chrono::hours(24);

    friend bool operator==(const SoakQuestion&, const SoakQuestion&) = default;
};

/// Which version of another app is promoted; exactly one of the last three is said
/// (gates/dependency_gate.hpp).
struct DependencyQuestion {
    std::string app;
    std::string environment;  ///< with `${env}`
    std::string min_version = {};
    std::string version = {};
    std::string digest = {};

    friend bool operator==(const DependencyQuestion&, const DependencyQuestion&) = default;
};

enum class FindingSeverity { low, medium, high, critical };

const char* to_text(FindingSeverity severity);
std::optional<FindingSeverity> read_finding_severity(std::string_view text);

/// What an assessment of the app has found (gates/readiness_gate.hpp).
struct ReadinessQuestion {
    std::string report;     ///< its path, with `${...}`; empty: deployctl assesses `assess` itself
    std::string assess;     ///< a folder; empty: the working folder
    double min_score = 80;  ///< of 100, at the low end of the score's interval
    std::vector<FindingSeverity> fail_on = {FindingSeverity::critical};  ///< whatever the score is
    Duration max_age = std::chrono::hours(24);
    /// Points below what the version that stands was let in with.
    std::optional<double> max_drop = std::nullopt;

    friend bool operator==(const ReadinessQuestion&, const ReadinessQuestion&) = default;
};

/// When the newest backup was made; one of the first two is said (gates/backup_age_gate.hpp).
struct BackupAgeQuestion {
    std::string files;     ///< a path with `${...}`, `*` and `?` in its last part
    std::string cron_job;  ///< its name, in the namespace of the app
    Duration max_age = std::chrono::hours(24);

    friend bool operator==(const BackupAgeQuestion&, const BackupAgeQuestion&) = default;
};

/// What a load test has measured, against limits and against an earlier one
/// (gates/performance_gate.hpp).
struct PerformanceQuestion {
    std::string report;  ///< its path, with `${...}`
    std::optional<Duration> max_p50 = std::nullopt;
    std::optional<Duration> max_p95 = std::nullopt;
    std::optional<Duration> max_p99 = std::nullopt;
    double max_errors = 0.01;   ///< a share of the requests
    std::string baseline = {};  ///< the report of the last good version; empty: only limits
    double tolerance = 0.1;     ///< a share of the baseline's latencies above them
    Duration max_age = std::chrono::hours(24);

    friend bool operator==(const PerformanceQuestion&, const PerformanceQuestion&) = default;
};

}  // namespace deployctl
