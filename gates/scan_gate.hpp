// SPDX-License-Identifier: Apache-2.0
// A report of vulnerabilities that another program has written (scan_report.hpp), against limits.
// It must be young enough, and about the digest that is deployed: one about another image fails,
// one that names no digest has proven nothing, unless any will do. What a VEX document excuses
// (vex.hpp) does not count, and is told apart. A report that cannot be read, understood or dated is
// an error. The report is not frozen with the plan: the newest word about an image is the one that
// counts. Files above 64 MiB are not read.
#pragma once

#include "gates/gate.hpp"

namespace deployctl::gates {

/// What was found where the question says; `vex` only where one is named.
struct ScanPapers {
    FileAnswer report;
    std::optional<FileAnswer> vex;
};

/// Of a report only findings are kept in memory (scan_report.cpp), of a VEX document all.
inline constexpr std::size_t most_report_bytes = 64UL << 20U;
inline constexpr std::size_t most_vex_bytes = 8UL << 20U;

/// The paths with the names filled in.
ScanQuestion filled_in(ScanQuestion question, const Placeholders& names);
/// Of a question that is filled in. Pure.
Verdict judge(
    const ScanQuestion& question, const ScanPapers& papers, const std::string& image, WallTime now
);

/// Anew, by the evidence that was stored; nothing where that is not enough.
std::optional<Verdict> judge_stored(const ScanQuestion& question, const Value& evidence);

class ScanGate final : public Gate {
public:
    ScanGate(const Sources& sources, ScanQuestion question)
        : files_(sources.outside.files), clock_(sources.clock), question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Files& files_;
    Clock& clock_;
    ScanQuestion question_;
};

}  // namespace deployctl::gates
