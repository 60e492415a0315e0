// SPDX-License-Identifier: Apache-2.0
// What an assessment says of the app (readiness_report.hpp), against the least score, at the low
// end of its interval, against the score that the version which stands was let in with, and
// severities that fail whatever the score is. The assessment is made now, or a report of another
// program. Too old, about too few of the files, or not to be understood: an error. About another
// app, environment or version: it fails. A report is not frozen with the plan: the newest word
// counts.
#pragma once

#include "gates/gate.hpp"

#include <optional>
#include <string>

namespace deployctl::gates {

inline constexpr std::size_t most_assessment_bytes = 16UL << 20U;

/// The low end of an earlier score, and whose it was: "v1 of rollout 3".
struct EarlierScore {
    double low = 0;
    std::string of;
};

/// Of a question whose names are filled in. Pure.
Verdict judge(
    const ReadinessQuestion& question,
    const FileAnswer& report,
    const Placeholders& names,
    WallTime now,
    const std::optional<EarlierScore>& earlier = std::nullopt
);

class ReadinessGate final : public Gate {
public:
    ReadinessGate(const Sources& sources, ReadinessQuestion question)
        : outside_(sources.outside),
          store_(sources.store),
          clock_(sources.clock),
          question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Task<FileAnswer> report(ReadinessQuestion question, std::string environment);
    Task<std::optional<EarlierScore>> earlier(Placeholders names, std::string source);

    Outside outside_;
    Store& store_;
    Clock& clock_;
    ReadinessQuestion question_;
};

}  // namespace deployctl::gates
