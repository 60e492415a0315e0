// SPDX-License-Identifier: Apache-2.0
#include "gates/performance_gate.hpp"

#include "analysis/wording.hpp"
#include "documents/json.hpp"
#include "gates/load_report.hpp"
#include "gates/paper.hpp"
#include "model/text.hpp"
#include "ports/printed.hpp"

#include <algorithm>

namespace deployctl::gates {

namespace {

using analysis::short_number;

/// One number and the most that it may be.
struct Comparison {
    std::string measured;  ///< "p95 120 ms"
    std::string limit;     ///< "p95 110 ms"
    Answer answer{};
    std::string remark = {};  ///< why nothing is proven
};

std::string millis(double value) {
    return short_number(value) + " ms";
}

std::string told(const Latency& latency) {
    return latency.low == latency.high ? millis(latency.value)
                                       : millis(latency.value) + " (" + short_number(latency.low) +
                                             " to " + short_number(latency.high) + ")";
}

std::array<std::optional<Duration>, percentiles.size()> limits_of(
    const PerformanceQuestion& question
) {
    return {question.max_p50, question.max_p95, question.max_p99};
}

/// What it is in truth is within its ends; so is the limit.
Comparison compare(
    const char* name, const Latency& latency, const Latency& most, const std::string& limit
) {
    Comparison comparison{std::string(name) + " " + told(latency), limit, Answer::inconclusive};
    if (!latency.is_certain || !most.is_certain) {
        comparison.remark = std::string(name) + (latency.is_certain ? " of the baseline" : "") +
                            " rests on too few requests: test for longer";
    } else if (latency.high <= most.low) {
        comparison.answer = Answer::pass;
    } else if (latency.low > most.high) {
        comparison.answer = Answer::fail;
    } else {
        comparison.remark = std::string(name) + " may be on either side: test for longer";
    }
    return comparison;
}

/// Of so few none may have failed by chance: the rule of three, at 95 % (Hanley & Lippman-Hand
/// 1983).
bool are_too_few(const LoadReport& report, double max_errors) {
    return max_errors > 0 && report.requests * max_errors < 3;
}

void compare_with_limits(
    const PerformanceQuestion& question, const LoadReport& report, std::vector<Comparison>& all
) {
    const auto limits = limits_of(question);
    for (std::size_t i = 0; i < percentiles.size(); ++i) {
        if (limits.at(i) && report.latency.at(i)) {
            const auto* name = percentiles.at(i).name;
            const double most = static_cast<double>(limits.at(i)->count()) / 1000;
            const auto text = std::string(name) + " " + millis(most);
            all.push_back(compare(name, *report.latency.at(i), {most, most, most}, text));
        }
    }
    Comparison errors{
        analysis::percent(report.error_rate()) + " failed",
        analysis::percent(question.max_errors),
        report.error_rate() <= question.max_errors ? Answer::pass : Answer::fail,
    };
    if (errors.answer == Answer::pass && are_too_few(report, question.max_errors)) {
        errors.answer = Answer::inconclusive;
        errors.remark = short_number(report.requests) +
                        " requests are too few to tell that at most " + errors.limit +
                        " fail: test for longer";
    }
    all.push_back(std::move(errors));
}

void compare_with_baseline(
    double tolerance,
    const LoadReport& report,
    const LoadReport& baseline,
    std::vector<Comparison>& all
) {
    for (std::size_t i = 0; i < percentiles.size(); ++i) {
        const auto& now = report.latency.at(i);
        const auto& before = baseline.latency.at(i);
        if (now && before) {
            const auto* name = percentiles.at(i).name;
            const double factor = 1 + tolerance;
            const Latency most{
                before->value * factor,
                before->low * factor,
                before->high * factor,
                before->is_certain,
            };
            const auto text = std::string(name) + " " + told(*before) + " + " +
                              analysis::percent(tolerance) + " of the baseline";
            all.push_back(compare(name, *now, most, text));
        }
    }
}

/// Fail before inconclusive before pass.
Answer worst_of(const std::vector<Comparison>& all) {
    for (const auto answer : {Answer::fail, Answer::inconclusive}) {
        if (std::ranges::count(all, answer, &Comparison::answer) > 0) {
            return answer;
        }
    }
    return Answer::pass;
}

/// Those that decide.
Verdict sum_up(const PerformanceQuestion& question, std::vector<Comparison> all) {
    Verdict verdict{worst_of(all), one_line(question.report), "", "", {}};
    std::erase_if(all, [&](const Comparison& one) { return one.answer != verdict.answer; });
    std::vector<std::string> measured;
    std::vector<std::string> limits;
    for (const auto& one : all) {
        if (!std::ranges::count(measured, one.measured)) {
            measured.push_back(one.measured);
        }
        limits.push_back(one.limit);
        verdict.reason += one.remark.empty() ? "" : "; " + one.remark;
    }
    verdict.measured = join(measured, ", ");
    verdict.limit = join(limits, ", ");
    return verdict;
}

/// A limit for a number that is not there would let everything pass.
std::string missing_number(const PerformanceQuestion& question, const LoadReport& report) {
    const auto limits = limits_of(question);
    for (std::size_t i = 0; i < percentiles.size(); ++i) {
        if (limits.at(i) && !report.latency.at(i)) {
            return std::string("it has no ") + percentiles.at(i).name +
                   (report.advice.empty() ? "" : "; " + report.advice);
        }
    }
    return "";
}

LoadReport read_paper(const std::string& path, const FileAnswer& paper) {
    LoadReport report;
    if (paper.kind != FileAnswer::Kind::read) {
        report.trouble = one_line(path) + " cannot be read: " + paper.failure;
        return report;
    }
    report = read_load_report(paper.text);
    if (!report.trouble.empty()) {
        report.trouble = one_line(path) + ": " + report.trouble;
    }
    return report;
}

bool shares_number(const LoadReport& one, const LoadReport& other) {
    for (std::size_t i = 0; i < percentiles.size(); ++i) {
        if (one.latency.at(i) && other.latency.at(i)) {
            return true;
        }
    }
    return false;
}

/// Both, as they were read, with the time at which each was made.
struct Read {
    LoadReport report;
    WallTime made_at;
    std::optional<LoadReport> baseline = std::nullopt;
    WallTime baseline_made_at = {};
};

Read read_papers(const PerformanceQuestion& question, const PerformancePapers& papers) {
    Read read{read_paper(question.report, papers.report), {}};
    read.made_at = read.report.made_at.value_or(papers.report.modified);
    if (papers.baseline) {
        read.baseline = read_paper(question.baseline, *papers.baseline);
        read.baseline_made_at = read.baseline->made_at.value_or(papers.baseline->modified);
    }
    return read;
}

/// It is of the version that runs, of the same app and environment; and it may be as old as that
/// version is, but not of a time that is yet to come.
std::string trouble_with_baseline(
    const PerformanceQuestion& question, const Read& read, const Placeholders& names, WallTime now
) {
    if (!read.baseline->trouble.empty()) {
        return read.baseline->trouble;
    }
    const auto file = one_line(question.baseline);
    if (!shares_number(read.report, *read.baseline)) {
        return file + " has no percentile that " + one_line(question.report) + " has";
    }
    if (is_ahead(read.baseline_made_at, now)) {
        return file + " is of " + to_rfc3339(read.baseline_made_at) + ", which is yet to come";
    }
    auto of_before = names;
    of_before.erase("image");
    of_before["version"] = value_of(names, "previous_version");
    const auto doubt = doubt_about_subject(read.baseline->document, of_before, file);
    return doubt ? file + " is about " + doubt->measured + ", and a baseline is of " +
                       doubt->limit + ", which runs"
                 : "";
}

/// Why the reports cannot be judged; "" where they can.
std::string trouble_with(
    const PerformanceQuestion& question, const Read& read, const Placeholders& names, WallTime now
) {
    if (!read.report.trouble.empty()) {
        return read.report.trouble;
    }
    const auto age = age_trouble(read.made_at, now, question.max_age, "run the load test again");
    const auto why = age.empty() ? missing_number(question, read.report) : age;
    if (!why.empty()) {
        return one_line(question.report) + ": " + why;
    }
    return read.baseline ? trouble_with_baseline(question, read, names, now) : "";
}

}  // namespace

PerformanceQuestion filled_in(PerformanceQuestion question, const Placeholders& names) {
    question.report = fill_in(question.report, names);
    question.baseline = fill_in(question.baseline, names);
    return question;
}

Verdict judge(
    const PerformanceQuestion& question,
    const PerformancePapers& papers,
    const Placeholders& names,
    WallTime now
) {
    const auto read = read_papers(question, papers);
    const auto& report = read.report;
    const auto trouble = trouble_with(question, read, names, now);
    if (!trouble.empty()) {
        return no_answer("no number", trouble);
    }
    std::vector<Comparison> all;
    compare_with_limits(question, report, all);
    if (read.baseline) {
        compare_with_baseline(question.tolerance, report, *read.baseline, all);
    }
    const auto doubt = doubt_about_subject(report.document, names, question.report);
    auto verdict = doubt ? *doubt : sum_up(question, std::move(all));
    verdict.evidence = Value::map({
        {"sha256", documents::sha256_hex(papers.report.text)},
        {"made_at", to_rfc3339(read.made_at)},
        {"requests", report.requests},
        {"errors", report.errors},
    });
    if (read.baseline) {
        verdict.evidence.set("/baseline_made_at", to_rfc3339(read.baseline_made_at));
    }
    return verdict;
}

Task<Verdict> PerformanceGate::sample(Subjects subjects) {
    const auto question = filled_in(question_, subjects.names);
    PerformancePapers papers{files_.read(question.report, most_load_report_bytes), std::nullopt};
    if (!question.baseline.empty()) {
        papers.baseline = files_.read(question.baseline, most_load_report_bytes);
    }
    co_return judge(question, papers, subjects.names, clock_.now());
}

}  // namespace deployctl::gates
