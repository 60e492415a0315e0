// SPDX-License-Identifier: Apache-2.0
#include "readiness/reports/html.hpp"

#include "model/text.hpp"
#include "readiness/reports/escaping.hpp"
#include "readiness/reports/html_category.hpp"
#include "readiness/reports/html_page.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::readiness {

namespace {

const char* tone_of(const Assessment& assessment) {
    switch (recommendation(assessment)) {
        case Recommendation::approved: return "verdict good";
        case Recommendation::not_approved: return "verdict bad";
        case Recommendation::incomplete: break;
    }
    return "verdict warn";
}

std::string title_of(const ReportHead& head) {
    return "Readiness" + (head.app.empty() ? "" : " of " + head.app) +
           (head.environment.empty() ? "" : " in " + head.environment);
}

std::string header_of(const Assessment& assessment, const ReportHead& head) {
    const auto level_text =
        assessment.score ? std::string(level(assessment.score->low.hundredths)) : "n/a";
    return "<header>\n<h1>" + escape_markup(title_of(head)) + "</h1>\n<p>" +
           html_element("span", tone_of(assessment), verdict_text(assessment)) + " " +
           html_element("span", "", "level: " + level_text) + "</p>\n" +
           html_element(
               "p",
               "dim",
               "assessed " + to_minute_text(head.at) + " UTC by deployctl " + head.program +
                   ", rules " + assessment.pack->digest.substr(0, 12)
           ) +
           "\n</header>\n";
}

std::string counted_weight(const Assessment& assessment) {
    int counted = 0;
    int weight = 0;
    int all = 0;
    for (const auto& category : assessment.categories) {
        counted += category.score ? 1 : 0;
        weight += category.score ? category.weight : 0;
        all += category.weight;
    }
    return std::to_string(counted) + " of " + std::to_string(assessment.categories.size()) +
           " categories count, " + std::to_string(weight) + " of " + std::to_string(all) +
           " of the weight";
}

std::string summary_of(const Assessment& assessment) {
    const auto counts = count_checks(assessment);
    const auto& coverage = assessment.coverage;
    std::vector<std::string> facts{
        escape_markup(
            count_of(coverage.read, "file") + " of " + std::to_string(coverage.recognised) +
            " that are known were read (" + std::to_string(coverage.seen) + " seen, " +
            std::to_string(coverage.rendered) + " rendered), " + count_of(coverage.lines, "line")
        ),
        escape_markup(
            std::to_string(counts.asked()) + " checks: " + std::to_string(counts.passed) +
            " pass, " + std::to_string(counts.failed) + " fail, " +
            std::to_string(counts.not_assessed) + " not assessed, " +
            std::to_string(counts.waived) + " waived; " + std::to_string(counts.not_applicable) +
            " do not apply"
        ),
        escape_markup(counted_weight(assessment)),
        escape_markup(
            "needed: a low end of " + std::to_string(assessment.facts->settings().minimum) +
            ", no blocker, 95% of the files read"
        ),
    };
    for (const auto& reason : reasons(assessment)) {
        facts.push_back(html_element("strong", "bad", reason));
    }
    const auto ring = assessment.score
                          ? score_ring(*assessment.score, assessment.facts->settings().minimum)
                          : html_element("p", "warn", "n/a: nothing was asked");
    return html_section(
        "summary",
        "Summary",
        "<div class=\"summary\">\n" + ring + "\n<div>" + html_list(facts) + "</div>\n</div>\n"
    );
}

std::string trend_of(
    const Assessment& assessment, const ReportHead& head, std::vector<TrendPoint> history
) {
    if (history.empty() || !assessment.score) {
        return "";
    }
    history.push_back({head.at, assessment.score->low.hundredths, assessment.score->high.hundredths}
    );
    std::ranges::stable_sort(history, {}, &TrendPoint::at);
    const auto moved = history.back().low - history[history.size() - 2].low;
    return html_section(
        "trend",
        "Trend",
        trend_chart(history, assessment.facts->settings().minimum) +
            html_element(
                "p",
                "dim",
                "The low end moved by " + points_text(moved) +
                    " since the one before; dashed: "
                    "what it could be at most."
            ) +
            "\n"
    );
}

std::string blockers_of(const Assessment& assessment) {
    std::vector<std::string> items;
    for (const auto& [result, finding] : blockers(assessment)) {
        items.push_back(html_finding(*result->rule, *finding));
    }
    return items.empty() ? "" : html_section("blockers", "Blockers", html_list(items));
}

/// What is to be done within a time, and the first places of each.
std::string actions(const char* title, const std::vector<const OpenCheck*>& checks) {
    std::vector<std::string> items;
    for (const auto* check : checks) {
        const auto& rule = *check->result->rule;
        items.push_back(
            html_element("strong", "", rule.id) + " " + escape_markup(rule.text.mend) + " " +
            html_element("span", "dim", "+" + points_text(check->gain)) + " " +
            html_places(check->failed)
        );
    }
    return html_element("h3", "", title) + "\n" +
           (items.empty() ? html_element("p", "dim", "nothing") + "\n" : html_list(items));
}

/// What blocks or weighs most first; what cannot be read before what weighs little.
std::string recommendations_of(const Assessment& assessment, const std::vector<OpenCheck>& open) {
    std::vector<const OpenCheck*> now;
    std::vector<const OpenCheck*> soon;
    std::vector<const OpenCheck*> later;
    for (const auto& check : open) {
        const auto severity = check.result->rule->severity;
        const bool is_grave = check.blocks || severity >= FindingSeverity::high;
        (is_grave ? now : severity == FindingSeverity::medium ? soon : later).push_back(&check);
    }
    auto markup = actions("0-30 days", now) + actions("30-90 days", soon);
    const auto unknown = checks_with(assessment, Outcome::not_assessed);
    if (!unknown.empty()) {
        markup += html_element(
                      "p",
                      "",
                      "Make what " + count_of(std::ssize(unknown), "check") +
                          " could not see readable: up to " +
                          points_text(
                              assessment.score->high.hundredths - assessment.score->low.hundredths
                          ) +
                          " points."
                  ) +
                  "\n";
    }
    return html_section("recommendations", "Recommendations", markup + actions("90+ days", later));
}

std::string unread_of(const Coverage& coverage) {
    std::vector<std::string> items;
    for (const auto& file : coverage.unread) {
        items.push_back(
            html_element("code", "", place_text({file.path, file.spot})) + " " +
            escape_markup(file.why)
        );
    }
    return items.empty() ? ""
                         : html_section("unread", "Files that could not be read", html_list(items));
}

std::string waived_of(const Assessment& assessment) {
    std::vector<std::string> items;
    for (const auto& check : checks_with(assessment, Outcome::waived)) {
        for (const auto* finding : check.findings) {
            const auto* waiver = finding->waiver;
            const auto why = waiver == nullptr ? ""
                                               : waiver->reason + " (" + waiver->owner +
                                                     ", until " + waiver->expires + ")";
            items.push_back(
                html_finding(*check.result->rule, *finding) + html_element("span", "dim", why)
            );
        }
    }
    return items.empty() ? "" : html_section("waived", "Waived", html_list(items));
}

std::string conclusion_of(const Assessment& assessment, const std::vector<OpenCheck>& open) {
    auto text = std::string(verdict_text(assessment));
    text += assessment.score ? ": the score is " + interval_text(*assessment.score) + " of 100"
                             : ": there is no score";
    const auto why = reasons(assessment);
    text += why.empty() ? ", and nothing blocks." : "; " + join(why, "; ") + ".";
    if (!open.empty()) {
        text += " The first to mend is " + open.front().result->rule->id + ": " +
                open.front().result->rule->text.mend;
    }
    return html_section("conclusion", "Conclusion", html_element("p", "", text) + "\n");
}

}  // namespace

std::string html_of(
    const Assessment& assessment, const ReportHead& head, std::vector<TrendPoint> history
) {
    const auto open = open_checks(assessment);
    std::string body = header_of(assessment, head) + "<main>\n" + summary_of(assessment) +
                       trend_of(assessment, head, std::move(history)) + blockers_of(assessment);
    body += html_section(
        "categories",
        "Categories",
        category_bars(assessment.categories, assessment.facts->settings().minimum)
    );
    for (const auto& category : assessment.categories) {
        body += html_category(category, assessment.facts->settings());
    }
    body += recommendations_of(assessment, open) + unread_of(assessment.coverage) +
            waived_of(assessment) + conclusion_of(assessment, open) + "</main>\n";
    return html_page(title_of(head), body);
}

}  // namespace deployctl::readiness
