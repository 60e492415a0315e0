// SPDX-License-Identifier: Apache-2.0
#include "cli/output/assess_view.hpp"

#include "model/text.hpp"
#include "readiness/reports/next_steps.hpp"
#include "readiness/walk.hpp"

#include <algorithm>
#include <iterator>

namespace deployctl::cli {

namespace {

using readiness::Assessment;
using readiness::Blocks;
using readiness::Confidence;
using readiness::confidence_names;
using readiness::Coverage;
using readiness::Finding;
using readiness::OpenCheck;
using readiness::Outcome;
using readiness::points_text;
using readiness::Recommendation;
using readiness::ReportHead;
using readiness::RulePack;
using readiness::RuleResult;

constexpr std::size_t shown_checks = 10;
constexpr std::size_t shown_unknown = 5;
constexpr std::size_t shown_unread = 5;

std::size_t shown(std::size_t count, std::size_t most, Detail detail) {
    return detail == Detail::all ? count : std::min(count, most);
}

std::string more_line(std::size_t left, const Style& style) {
    return left == 0 ? ""
                     : paint(
                           style,
                           Tone::dim,
                           "    and " + std::to_string(left) + " more: -o wide shows all"
                       ) + "\n";
}

std::string head_line(const Assessment& assessment, const ReportHead& head, const Style& style) {
    const auto verdict = recommendation(assessment);
    const auto tone = verdict == Recommendation::approved       ? Tone::good
                      : verdict == Recommendation::not_approved ? Tone::bad
                                                                : Tone::warning;
    std::string text = "Readiness";
    text += head.app.empty() ? "" : "  " + printable(head.app);
    text += head.environment.empty()
                ? ""
                : std::string(" ") + arrow(style) + " " + printable(head.environment);
    text += "   " + paint(
                        style,
                        Tone::strong,
                        assessment.score ? interval_text(*assessment.score) : std::string("n/a")
                    );
    text += " / 100   need " + std::to_string(assessment.facts->settings().minimum) + "   ";
    return text + paint(style, tone, verdict_text(assessment)) + "\n";
}

std::string count_line(const Assessment& assessment, const Style& style) {
    const auto counts = count_checks(assessment);
    const auto& coverage = assessment.coverage;
    const auto between = std::string(" ") + dot(style) + " ";
    auto text = "  " + std::to_string(counts.asked()) +
                " checks: " + std::to_string(counts.passed) + " pass, " +
                std::to_string(counts.failed) + " fail, " + std::to_string(counts.not_assessed) +
                " not assessed, " + std::to_string(counts.waived) + " waived" + between;
    text += "read " + std::to_string(coverage.read) + " of " +
            deployctl::count_of(coverage.recognised, "file") + " (" +
            points_text(coverage_of(coverage)) + "%), " +
            deployctl::count_of(coverage.lines, "line");
    text += assessment.score
                ? between + std::string(readiness::level(assessment.score->low.hundredths))
                : "";
    return text + "\n";
}

std::string reason_lines(const Assessment& assessment, const Style& style) {
    std::string text;
    for (const auto& reason : reasons(assessment)) {
        text += "  " + sign(style, Sign::failed) + " " + printable(reason) + "\n";
    }
    return text;
}

std::string category_lines(const Assessment& assessment, const Style& style) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& category : assessment.categories) {
        const auto failed = std::ranges::count_if(category.rules, [](const RuleResult* result) {
            return !findings_with(*result, Outcome::fail).empty();
        });
        rows.push_back({
            "  " + std::string(category.title),
            std::to_string(category.weight) + "%",
            category.score ? interval_text(*category.score) : "n/a",
            failed == 0 ? "" : deployctl::count_of(failed, "check") + " open",
        });
    }
    return table(style, rows, Folding::last_column);
}

/// "+1.90"
std::string gain_text(const OpenCheck& check) {
    return "+" + points_text(check.gain);
}

std::string open_line(const OpenCheck& check, const Style& style) {
    const auto& rule = *check.result->rule;
    const auto& first = *check.failed.front();
    const auto more = subjects_of(check.failed) - 1;
    auto line = "  " + sign(style, Sign::failed) + " " + pad(printable(rule.id), 9) + " ";
    line += check.blocks ? paint(style, Tone::bad, "blocks") + " " : "";
    line += printable(message_of(rule, first));
    line += more > 0 ? ", and " + std::to_string(more) + " more" : "";
    line += "  " + paint(style, Tone::dim, printable(where_text(first)));
    line += "  " + paint(style, Tone::strong, gain_text(check)) + "\n";
    return line + "      " + paint(style, Tone::dim, "mend: " + printable(rule.text.mend)) + "\n";
}

std::string all_places(const OpenCheck& check) {
    std::string text;
    for (const auto* finding : check.failed) {
        text +=
            "      " + printable(where_text(*finding)) + "  " + printable(finding->object()) + "\n";
    }
    return text;
}

std::string open_lines(const Assessment& assessment, const Style& style, Detail detail) {
    const auto open = open_checks(assessment);
    const auto count = shown(open.size(), shown_checks, detail);
    std::string text = open.empty() ? "" : "\n";
    for (std::size_t at = 0; at < count; ++at) {
        text += open_line(open[at], style);
        text += detail == Detail::all ? all_places(open[at]) : "";
    }
    return text + more_line(open.size() - count, style);
}

/// Those that a subject itself is the reason for, not the file that it may have stood in.
std::vector<const Finding*> of_subjects(const std::vector<const Finding*>& findings) {
    std::vector<const Finding*> found;
    std::ranges::copy_if(findings, std::back_inserter(found), [](const Finding* finding) {
        return finding->subject != nullptr;
    });
    return found;
}

std::string next_line(const std::string& step, const Style& style) {
    return "      " + paint(style, Tone::dim, "next: " + printable(step)) + "\n";
}

std::string unknown_line(
    const RuleResult& result, const std::vector<const Finding*>& findings, const Style& style
) {
    const auto& first = *findings.front();
    return "  " + sign(style, Sign::unknown) + " " + pad(printable(result.rule->id), 9) + " " +
           printable(message_of(*result.rule, first)) + "  " +
           paint(style, Tone::dim, printable(where_text(first))) + "  " +
           std::to_string(subjects_of(findings)) + " not counted as passed\n" +
           next_line(next_step(first), style);
}

/// What files may have held that could not be read is one line: the files are named below.
std::string unknown_lines(const Assessment& assessment, const Style& style, Detail detail) {
    std::vector<std::string> lines;
    std::size_t of_files = 0;
    for (const auto& check : checks_with(assessment, Outcome::not_assessed)) {
        const auto findings = of_subjects(check.findings);
        of_files += findings.size() < check.findings.size() ? 1 : 0;
        if (!findings.empty()) {
            lines.push_back(unknown_line(*check.result, findings, style));
        }
    }
    const auto count = shown(lines.size(), shown_unknown, detail);
    std::string text;
    for (std::size_t at = 0; at < count; ++at) {
        text += lines[at];
    }
    text += more_line(lines.size() - count, style);
    return of_files == 0 ? text
                         : text + "  " + sign(style, Sign::unknown) + " " +
                               deployctl::count_of(static_cast<std::int64_t>(of_files), "check") +
                               " could not ask what is gone, or cannot be read\n";
}

/// Folders and links that were left alone; what somebody has excluded is told apart.
std::string skipped_lines(const Coverage& coverage, const Style& style, Detail detail) {
    std::string text;
    if (detail == Detail::all) {
        for (const auto& skipped : coverage.skipped) {
            text += "    not looked into: " + printable(skipped) + "\n";
        }
        return text;
    }
    const auto excluded = std::ranges::count_if(coverage.skipped, [](const std::string& skipped) {
        return skipped.ends_with(": " + std::string(readiness::excluded_by_settings));
    });
    const auto others = std::ssize(coverage.skipped) - excluded;
    if (excluded + others == 0) {
        return text;
    }
    text += "    not looked into: " + std::to_string(excluded) + " excluded by the settings, " +
            std::to_string(others) + " skipped: -o wide shows all";
    return paint(style, Tone::dim, text) + "\n";
}

std::string unread_lines(const Coverage& coverage, const Style& style, Detail detail) {
    const auto count = shown(coverage.unread.size(), shown_unread, detail);
    std::string text;
    for (std::size_t at = 0; at < count; ++at) {
        const auto& file = coverage.unread[at];
        text += "  " + sign(style, Sign::attention) +
                " cannot be read: " + printable(readiness::place_text({file.path, file.spot})) +
                "  " + printable(file.why) + "\n" + next_line(next_step(file), style);
    }
    return text + more_line(coverage.unread.size() - count, style);
}

std::string waived_lines(const Assessment& assessment, const Style& style, Detail detail) {
    std::string text;
    for (const auto& check : checks_with(assessment, Outcome::waived)) {
        const auto* waiver = check.findings.front()->waiver;
        if (waiver == nullptr || detail == Detail::summary) {
            continue;
        }
        text += "  " + sign(style, Sign::waiting) + " " + printable(check.result->rule->id) +
                " waived for " + deployctl::count_of(subjects_of(check.findings), "object") + ": " +
                printable(waiver->reason) + " (" + printable(waiver->owner) + ", until " +
                printable(waiver->expires) + ")\n";
    }
    for (const auto& warning : assessment.warnings) {
        text += "  " + sign(style, Sign::attention) + " " + printable(warning) + "\n";
    }
    return text;
}

std::string row(const char* head, const std::string& text) {
    return text.empty() ? "" : "  " + pad(head, 11) + printable(text) + "\n";
}

Sign sign_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::pass: return Sign::done;
        case Outcome::fail: return Sign::failed;
        case Outcome::waived: return Sign::waiting;
        case Outcome::not_assessed: break;
    }
    return Sign::unknown;
}

std::string evidence_line(const RuleResult& result, const Finding& finding, const Style& style) {
    auto line = "  " + sign(style, sign_of(finding.outcome)) + " " + printable(finding.object()) +
                "  " + paint(style, Tone::dim, printable(place_text(finding.place)));
    if (finding.outcome != Outcome::pass) {
        line += "  " + printable(message_of(*result.rule, finding));
    } else if (!finding.observed.empty()) {
        line += "  " + printable(finding.observed);
    }
    line += finding.expected.empty() ? "" : "  (needed: " + printable(finding.expected) + ")";
    if (finding.confidence != Confidence::certain) {
        line += std::string("  ") +
                std::string(confidence_names.at(static_cast<std::size_t>(finding.confidence)));
    }
    const bool is_open = finding.outcome == Outcome::not_assessed && finding.subject != nullptr;
    return line + "\n" + (is_open ? next_line(next_step(finding), style) : "");
}

const char* blocks_text(Blocks blocks) {
    switch (blocks) {
        case Blocks::never: return "";
        case Blocks::always: return "always, whatever the score is";
        case Blocks::production: break;
    }
    return "in production, whatever the score is";
}

}  // namespace

std::string draw(
    const Assessment& assessment, const ReportHead& head, const Style& style, Detail detail
) {
    return head_line(assessment, head, style) + count_line(assessment, style) +
           reason_lines(assessment, style) + category_lines(assessment, style) +
           open_lines(assessment, style, detail) + unknown_lines(assessment, style, detail) +
           unread_lines(assessment.coverage, style, detail) +
           skipped_lines(assessment.coverage, style, detail) +
           waived_lines(assessment, style, detail);
}

std::string draw_check(const RuleResult& result, const Style& style) {
    const auto& rule = *result.rule;
    auto text =
        paint(style, Tone::strong, printable(rule.id)) + "  " + printable(rule.text.title) + "\n";
    text += row("category", rule.category);
    text +=
        row("severity",
            std::string(deployctl::to_text(rule.severity)) + ", weight " +
                std::to_string(readiness::weight_of(rule.severity)) + " in its category");
    text += row("blocks", blocks_text(rule.blocks));
    text += row("asked of", join(rule.subjects, ", "));
    text += row("why", rule.text.why);
    text += row("mend", rule.text.mend);
    text += row("see", join(rule.text.references, ", "));
    if (!result.points || !result.worth) {
        return text + row("here", "asked of nothing: not in the score");
    }
    text +=
        row("points",
            interval_text(*result.points) + " of " + points_text(result.worth->hundredths) + " (" +
                result.points->low.exact + " of " + result.worth->exact + ")");
    for (const auto& finding : result.findings) {
        text += evidence_line(result, finding, style);
    }
    return text;
}

std::string draw_checks(const RulePack& pack, const Style& style) {
    std::vector<std::vector<std::string>> rows{{"CHECK", "CATEGORY", "SEVERITY", "BLOCKS", "TITLE"}
    };
    for (const auto& rule : pack.rules) {
        rows.push_back({
            printable(rule.id),
            rule.category,
            deployctl::to_text(rule.severity),
            rule.blocks == Blocks::never    ? ""
            : rule.blocks == Blocks::always ? "always"
                                            : "prod",
            printable(rule.text.title),
        });
    }
    return table(style, rows, Folding::last_column);
}

Value checks_value(const RulePack& pack) {
    Value::Array items;
    for (const auto& rule : pack.rules) {
        items.push_back(Value::map({
            {"id", rule.id},
            {"title", rule.text.title},
            {"category", rule.category},
            {"severity", deployctl::to_text(rule.severity)},
            {"subjects", lines_value(rule.subjects)},
            {"why", rule.text.why},
            {"mend", rule.text.mend},
            {"references", lines_value(rule.text.references)},
        }));
    }
    return Value::map({{"items", std::move(items)}});
}

}  // namespace deployctl::cli
