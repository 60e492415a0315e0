// SPDX-License-Identifier: Apache-2.0
// What an assessment says of the app (readiness_report.hpp), against the least score, at the low
// end of its interval, and severities that fail whatever the score is. Too old, about too few of
// the files, or not to be understood: an error. About another app, environment or version: it
// fails. The report is not frozen with the plan: the newest word counts.
#pragma once

#include "gates/gate.hpp"

namespace deployctl::gates {

inline constexpr std::size_t most_assessment_bytes = 16UL << 20U;

/// Of a question whose names are filled in. Pure.
Verdict judge(
    const ReadinessQuestion& question,
    const FileAnswer& report,
    const Placeholders& names,
    WallTime now
);

class ReadinessGate final : public Gate {
public:
    ReadinessGate(const Sources& sources, ReadinessQuestion question)
        : files_(sources.outside.files), clock_(sources.clock), question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Files& files_;
    Clock& clock_;
    ReadinessQuestion question_;
};

}  // namespace deployctl::gates
