// SPDX-License-Identifier: Apache-2.0
// What a load test has measured of the new version (load_report.hpp), against limits, and against
// what the same test has measured of the last good one. Where an interval is known, all of it has
// to be within the limit to pass, and all above it to fail; a percentile that rests on a few
// requests has proven nothing. A report that is too old, or lacks a number that has a limit, is an
// error, and so is a baseline that is not there, or is not of the version that runs: it may be as
// old as that. The reports are not frozen with the plan.
#pragma once

#include "gates/gate.hpp"

namespace deployctl::gates {

/// What was found where the question says; `baseline` only where one is named.
struct PerformancePapers {
    FileAnswer report;
    std::optional<FileAnswer> baseline;
};

inline constexpr std::size_t most_load_report_bytes = 16UL << 20U;

/// The paths with the names filled in.
PerformanceQuestion filled_in(PerformanceQuestion question, const Placeholders& names);
/// Of a question that is filled in. Pure.
Verdict judge(
    const PerformanceQuestion& question,
    const PerformancePapers& papers,
    const Placeholders& names,
    WallTime now
);

class PerformanceGate final : public Gate {
public:
    PerformanceGate(const Sources& sources, PerformanceQuestion question)
        : files_(sources.outside.files), clock_(sources.clock), question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Files& files_;
    Clock& clock_;
    PerformanceQuestion question_;
};

}  // namespace deployctl::gates
