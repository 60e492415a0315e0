// SPDX-License-Identifier: Apache-2.0
#include "gates/readiness_gate.hpp"

#include "analysis/wording.hpp"
#include "documents/json.hpp"
#include "gates/paper.hpp"
#include "gates/printed.hpp"
#include "gates/readiness_report.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace deployctl::gates {

namespace {

using analysis::short_number;

constexpr double least_coverage = 0.95;  // below, nobody knows what was not looked at

std::string score_text(const ReadinessReport& report) {
    return report.low == report.high
               ? short_number(report.low)
               : short_number(report.low) + " to " + short_number(report.high);
}

std::string limit_of(const ReadinessQuestion& question) {
    std::vector<std::string> severities;
    for (const auto severity : question.fail_on) {
        severities.emplace_back(deployctl::to_text(severity));
    }
    const auto least = "at least " + short_number(question.min_score);
    return severities.empty() ? least : least + ", nothing " + join(severities, " or ");
}

std::vector<std::string> forbidden(
    const ReadinessQuestion& question, const ReadinessReport& report
) {
    std::vector<std::string> told;
    for (const auto& finding : report.findings) {
        if (std::ranges::count(question.fail_on, finding.severity) > 0) {
            told.push_back(
                one_line(finding.rule, 60) + " (" + deployctl::to_text(finding.severity) + ") " +
                one_line(finding.text, 100)
            );
        }
    }
    return told;
}

Verdict judge_report(const ReadinessQuestion& question, const ReadinessReport& report) {
    const auto bad = forbidden(question, report);
    Verdict verdict{Answer::pass, one_line(question.report), "", limit_of(question), {}};
    verdict.measured = score_text(report);
    if (report.low < question.min_score || !bad.empty()) {
        verdict.answer = Answer::fail;
    }
    if (!bad.empty()) {
        verdict.measured += ", " + count_of(std::ssize(bad), "finding") + " of these severities";
        verdict.reason += ": " + first_few(bad, "; ");
    }
    return verdict;
}

std::string coverage_trouble(const ReadinessReport& report) {
    return report.coverage < least_coverage
               ? "it has read " + analysis::percent(report.coverage) + " of the files, at least " +
                     analysis::percent(least_coverage) + " are needed; mend what cannot be read"
               : "";
}

}  // namespace

Verdict judge(
    const ReadinessQuestion& question,
    const FileAnswer& paper,
    const Placeholders& names,
    WallTime now
) {
    const auto file = one_line(question.report);
    if (paper.kind != FileAnswer::Kind::read) {
        return no_answer("no report", file + " cannot be read: " + paper.failure);
    }
    const auto report = read_readiness_report(paper.text);
    if (!report.trouble.empty()) {
        return no_answer("no report", file + ": " + report.trouble);
    }
    const auto age = age_trouble(report.assessed_at, now, question.max_age, "assess the app again");
    if (!age.empty()) {
        return no_answer("no timely report", file + ": " + age);
    }
    if (const auto why = coverage_trouble(report); !why.empty()) {
        return no_answer("no whole report", file + ": " + why);
    }
    const auto doubt = doubt_about_subject(report.document, names, question.report);
    auto verdict = doubt ? *doubt : judge_report(question, report);
    verdict.evidence = Value::map({
        {"sha256", documents::sha256_hex(paper.text)},
        {"assessed_at", to_rfc3339(report.assessed_at)},
        {"low", report.low},
        {"high", report.high},
        {"coverage", report.coverage},
        {"findings", std::ssize(report.findings)},
    });
    return verdict;
}

Task<Verdict> ReadinessGate::sample(Subjects subjects) {
    auto question = question_;
    question.report = fill_in(question.report, subjects.names);
    const auto report = files_.read(question.report, most_assessment_bytes);
    co_return judge(question, report, subjects.names, clock_.now());
}

}  // namespace deployctl::gates
