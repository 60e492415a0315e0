// SPDX-License-Identifier: Apache-2.0
#include "gates/scan_gate.hpp"

#include "documents/json.hpp"
#include "gates/paper.hpp"
#include "gates/scan_report.hpp"
#include "gates/vex.hpp"
#include "model/image.hpp"
#include "model/text.hpp"
#include "ports/printed.hpp"

#include <algorithm>
#include <array>

namespace deployctl::gates {

namespace {

constexpr std::size_t shown_findings = 5;

/// The most of each rating that passes, the worst rating first.
struct Limit {
    Rating rating;
    std::optional<int> most;
};

std::array<Limit, 4> limits_of(const ScanQuestion& question) {
    return {{
        {Rating::critical, question.max_critical},
        {Rating::high, question.max_high},
        {Rating::medium, question.max_medium},
        {Rating::low, question.max_low},
    }};
}

std::string told(std::int64_t count, Rating rating) {
    return std::to_string(count) + " " + to_text(rating);
}

std::string limit_text(const ScanQuestion& question) {
    std::vector<std::string> parts;
    for (const auto& [rating, most] : limits_of(question)) {
        if (most) {
            parts.push_back(told(*most, rating));
        }
    }
    return join(parts, ", ");
}

bool is_excused(const Finding& finding, const Excuses& excuses) {
    return excuses.ids.contains(finding.id) ||
           std::ranges::any_of(finding.also, [&](const auto& id) {
               return excuses.ids.contains(id);
           });
}

std::int64_t count(const std::vector<Finding>& findings, Rating rating) {
    return std::ranges::count(findings, rating, &Finding::rating);
}

/// Nothing where the report is about the image, whichever it is where any will do.
std::optional<Verdict> doubt_about_image(
    const ScanQuestion& question, const ScanReport& report, const std::string& image
) {
    const auto wanted = read_image(image).digest;
    if (question.any_digest ||
        (!wanted.empty() && std::ranges::count(report.digests, wanted) > 0)) {
        return std::nullopt;
    }
    Verdict verdict;
    verdict.limit = wanted.empty() ? "a digest" : wanted;
    if (wanted.empty() || report.digests.empty()) {
        const auto* const who = wanted.empty() ? "the image that is deployed" : "the report";
        verdict.measured = "no digest";
        verdict.reason = one_line(question.file) + " may be about another image: " + who +
                         " names no digest; scan the image by its digest, or write " +
                         "`any_digest: true`";
        return verdict;
    }
    verdict.answer = Answer::fail;
    verdict.measured = one_line(report.digests.front());
    verdict.reason = one_line(question.file) + " is about another image than the deployed one";
    return verdict;
}

struct Counted {
    std::vector<Finding> findings;  ///< that count, the worst first
    std::int64_t excused = 0;
};

Counted count_up(std::vector<Finding> findings, const Excuses& excuses) {
    Counted counted;
    const auto rest = std::ranges::stable_partition(findings, [&](const Finding& finding) {
        return !is_excused(finding, excuses);
    });
    counted.excused = std::ssize(rest);
    findings.erase(rest.begin(), rest.end());
    counted.findings = std::move(findings);
    return counted;
}

std::string reason_of(
    const ScanQuestion& question, const ScanReport& report, const Counted& counted
) {
    std::vector<std::string> ids;
    for (const auto& finding : counted.findings) {
        if (ids.size() < shown_findings && !std::ranges::count(ids, finding.id)) {
            ids.push_back(finding.id);
        }
    }
    auto text = one_line(question.file) + " by " + one_line(report.tool);
    text += ids.empty() ? "" : ": " + first_few(ids, ", ");
    for (const auto& [rating, most] : limits_of(question)) {
        const auto beside = most ? 0 : count(counted.findings, rating);
        text += beside == 0 ? "" : "; " + told(beside, rating);
    }
    if (const auto unrated = count(counted.findings, Rating::unknown); unrated > 0) {
        text += "; " + std::to_string(unrated) + " without a severity";
    }
    text += counted.excused == 0
                ? ""
                : "; " + std::to_string(counted.excused) + " excused by " + one_line(question.vex);
    return text;
}

Value evidence_of(const ScanReport& report, const Counted& counted, const std::string& text) {
    Value::Array worst;
    for (const auto& finding : counted.findings) {
        if (worst.size() < shown_findings) {
            worst.push_back(Value::map({
                {"id", one_line(finding.id)},
                {"package", one_line(finding.package)},
                {"severity", to_text(finding.rating)},
            }));
        }
    }
    return Value::map({
        {"tool", one_line(report.tool)},
        {"sha256", documents::sha256_hex(text)},
        {"made_at", report.made_at ? Value(to_rfc3339(*report.made_at)) : Value()},
        {"findings", std::ssize(counted.findings)},
        {"excused", counted.excused},
        {"worst", std::move(worst)},
    });
}

/// By the ratings that have limits.
Value counts_of(const ScanQuestion& question, const Counted& counted) {
    auto counts = Value::map();
    for (const auto& [rating, most] : limits_of(question)) {
        counts.set(std::string("/") + to_text(rating), count(counted.findings, rating));
    }
    return counts;
}

Verdict judge_counts(const ScanQuestion& question, const Value& counts) {
    Verdict verdict{Answer::pass, "", "", "", {}};
    verdict.limit = limit_text(question);
    std::vector<std::string> measured;
    for (const auto& [rating, most] : limits_of(question)) {
        const auto found = counts.number(std::string("/") + to_text(rating));
        if (most) {
            measured.push_back(told(found, rating));
        }
        if (most && found > *most) {
            verdict.answer = Answer::fail;
        }
    }
    verdict.measured = join(measured, ", ");
    return verdict;
}

}  // namespace

std::optional<Verdict> judge_stored(const ScanQuestion& question, const Value& evidence) {
    return evidence.has("/counts") ? std::optional(judge_counts(question, evidence.at("/counts")))
                                   : std::nullopt;
}

ScanQuestion filled_in(ScanQuestion question, const Placeholders& names) {
    question.file = fill_in(question.file, names);
    question.vex = fill_in(question.vex, names);
    return question;
}

Verdict judge(
    const ScanQuestion& question, const ScanPapers& papers, const std::string& image, WallTime now
) {
    const auto& [file, vex] = papers;
    if (file.kind != FileAnswer::Kind::read) {
        return no_answer("no report", one_line(question.file) + " cannot be read: " + file.failure);
    }
    const auto report = read_scan_report(file.text);
    if (!report.trouble.empty()) {
        return no_answer("no report", one_line(question.file) + ": " + report.trouble);
    }
    const auto made_at = report.made_at.value_or(file.modified);
    const auto trouble = age_trouble(made_at, now, question.max_age, "scan the image again");
    if (!trouble.empty()) {
        return no_answer("no timely report", one_line(question.file) + ": " + trouble);
    }
    if (vex && vex->kind != FileAnswer::Kind::read) {
        return no_answer("no VEX", one_line(question.vex) + " cannot be read: " + vex->failure);
    }
    const auto excuses = vex ? read_vex(vex->text) : Excuses{};
    if (!excuses.trouble.empty()) {
        return no_answer("no VEX", one_line(question.vex) + ": " + excuses.trouble);
    }
    const auto counted = count_up(report.findings, excuses);
    const auto doubt = doubt_about_image(question, report, image);
    if (doubt) {
        auto verdict = *doubt;
        verdict.evidence = evidence_of(report, counted, file.text);
        return verdict;
    }
    const auto counts = counts_of(question, counted);
    auto verdict = judge_counts(question, counts);
    verdict.reason = reason_of(question, report, counted);
    verdict.evidence = evidence_of(report, counted, file.text);
    verdict.evidence.set("/counts", counts);
    return verdict;
}

Task<Verdict> ScanGate::sample(Subjects subjects) {
    const auto question = filled_in(question_, subjects.names);
    ScanPapers papers{files_.read(question.file, most_report_bytes), std::nullopt};
    if (!question.vex.empty()) {
        papers.vex = files_.read(question.vex, most_vex_bytes);
    }
    const auto deployed = value_of(subjects.names, "image");
    co_return judge(question, papers, deployed, clock_.now());
}

}  // namespace deployctl::gates
