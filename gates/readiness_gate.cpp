// SPDX-License-Identifier: Apache-2.0
#include "gates/readiness_gate.hpp"

#include "analysis/wording.hpp"
#include "documents/json.hpp"
#include "gates/paper.hpp"
#include "gates/readiness_report.hpp"
#include "gates/standing.hpp"
#include "model/text.hpp"
#include "ports/printed.hpp"

#include <algorithm>
#include <set>

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
        if (finding.blocks || std::ranges::count(question.fail_on, finding.severity) > 0) {
            told.push_back(
                one_line(finding.rule, 60) + " (" + deployctl::to_text(finding.severity) +
                (finding.blocks ? ", blocks) " : ") ") + one_line(finding.text, 100)
            );
        }
    }
    return told;
}

bool any_blocks(const ReadinessReport& report) {
    return std::ranges::any_of(report.findings, &ReadinessFinding::blocks);
}

/// Which checks failed, so that it can be held against how rollouts end (`assess calibrate`).
Value failed_rules(const ReadinessReport& report) {
    constexpr std::size_t most = 1000;
    std::set<std::string> rules;
    for (const auto& finding : report.findings) {
        if (rules.size() < most) {
            rules.insert(one_line(finding.rule, 60));
        }
    }
    return lines_value({rules.begin(), rules.end()});
}

std::string folder_of(const ReadinessQuestion& question) {
    return question.assess.empty() ? "." : question.assess;
}

std::string source_of(const ReadinessQuestion& question) {
    return one_line(question.report.empty() ? "assessed " + folder_of(question) : question.report);
}

/// What is allowed to be lost since then, where that is asked.
void judge_drop(
    const ReadinessQuestion& question,
    const ReadinessReport& report,
    const std::optional<EarlierScore>& earlier,
    Verdict& verdict
) {
    if (!question.max_drop) {
        return;
    }
    verdict.limit += ", at most " + short_number(*question.max_drop) + " below what stands";
    if (!earlier) {
        verdict.reason += "; what stands has no score to compare with";
        return;
    }
    const auto drop = earlier->low - report.low;
    if (drop > *question.max_drop) {
        verdict.answer = Answer::fail;
        verdict.reason += "; " + short_number(drop) + " below the " + short_number(earlier->low) +
                          " of " + one_line(earlier->of);
    }
}

Verdict judge_report(
    const ReadinessQuestion& question,
    const ReadinessReport& report,
    const std::optional<EarlierScore>& earlier
) {
    const auto bad = forbidden(question, report);
    Verdict verdict{Answer::pass, source_of(question), "", limit_of(question), {}};
    verdict.measured = score_text(report);
    if (report.low < question.min_score || !bad.empty()) {
        verdict.answer = Answer::fail;
    }
    judge_drop(question, report, earlier, verdict);
    if (!bad.empty()) {
        verdict.measured +=
            ", " + count_of(std::ssize(bad), "finding") +
            (any_blocks(report) ? " of these severities or that block" : " of these severities");
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
    WallTime now,
    const std::optional<EarlierScore>& earlier
) {
    const auto file = source_of(question);
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
    const auto doubt = doubt_about_subject(report.document, names, file);
    auto verdict = doubt ? *doubt : judge_report(question, report, earlier);
    verdict.evidence = Value::map({
        {"sha256", documents::sha256_hex(paper.text)},
        {"assessed_at", to_rfc3339(report.assessed_at)},
        {"low", report.low},
        {"high", report.high},
        {"coverage", report.coverage},
        {"findings", std::ssize(report.findings)},
        {"failed_rules", failed_rules(report)},
    });
    return verdict;
}

Task<FileAnswer> ReadinessGate::report(ReadinessQuestion question, std::string environment) {
    if (!question.report.empty()) {
        co_return outside_.files.read(question.report, most_assessment_bytes);
    }
    AssessorQuestion asked{folder_of(question), std::move(environment)};
    auto answer = co_await outside_.assessor.assess(asked);
    FileAnswer made;
    made.kind = answer.failure.empty() ? FileAnswer::Kind::read : FileAnswer::Kind::failed;
    made.text = std::move(answer.report);
    made.failure = std::move(answer.failure);
    made.modified = clock_.now();
    co_return made;
}

/// Of the version that stands, by the last word in its rollout about the same folder or report.
Task<std::optional<EarlierScore>> ReadinessGate::earlier(Placeholders names, std::string source) {
    const auto filter = newest_of(value_of(names, "app"), value_of(names, "env"));
    auto rollouts = co_await store_.list(filter);
    const auto standing = standing_in(std::move(rollouts), clock_.now());
    if (!standing.promoted) {
        co_return std::nullopt;
    }
    const auto id = standing.promoted->id;
    const auto events = co_await store_.events(id, 0);
    std::optional<EarlierScore> score;
    for (const auto& event : events) {
        if (const auto ruled = read_gate_evaluated(event);
            ruled && ruled->verdict.evidence.text("/of") == source) {
            score = EarlierScore{ruled->verdict.evidence.real("/low"), named(*standing.promoted)};
        }
    }
    co_return score;
}

Task<Verdict> ReadinessGate::sample(Subjects subjects) {
    auto question = question_;
    const auto source = source_of(question);  // the same for each version
    question.report = fill_in(question.report, subjects.names);
    const auto environment = value_of(subjects.names, "env");
    const auto paper = co_await report(question, environment);
    std::optional<EarlierScore> before;
    if (question.max_drop) {
        before = co_await earlier(subjects.names, source);
    }
    auto verdict = judge(question, paper, subjects.names, clock_.now(), before);
    verdict.evidence.set("/of", source);
    co_return verdict;
}

}  // namespace deployctl::gates
