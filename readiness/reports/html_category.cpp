// SPDX-License-Identifier: Apache-2.0
#include "readiness/reports/html_category.hpp"

#include "model/text.hpp"
#include "readiness/reports/escaping.hpp"
#include "readiness/reports/html_page.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace deployctl::readiness {

namespace {

constexpr std::size_t shown_places = 3;
constexpr std::size_t shown_strengths = 6;
constexpr std::size_t shown_failures = 20;  // of one rule

/// Every subject passes, and not only by a document's word.
bool is_strength(const RuleResult& result) {
    return !result.findings.empty() &&
           std::ranges::all_of(result.findings, [](const Finding& finding) {
               return finding.outcome == Outcome::pass &&
                      finding.confidence != Confidence::declared;
           });
}

/// The gravest first.
std::vector<const RuleResult*> strengths_of(const CategoryResult& category) {
    std::vector<const RuleResult*> strengths;
    std::ranges::copy_if(category.rules, std::back_inserter(strengths), [](const auto* result) {
        return is_strength(*result);
    });
    std::ranges::stable_sort(strengths, std::greater(), [](const RuleResult* result) {
        return result->rule->severity;
    });
    return strengths;
}

std::string strengths_markup(const CategoryResult& category) {
    const auto strengths = strengths_of(category);
    std::vector<std::string> items;
    for (const auto* result : strengths) {
        if (items.size() == shown_strengths) {
            items.push_back(html_element(
                "span", "dim", "and " + std::to_string(strengths.size() - items.size()) + " more"
            ));
            break;
        }
        items.push_back(
            escape_markup(result->rule->text.title) + " " +
            html_element("span", "dim", result->rule->id) + " " +
            html_places(findings_with(*result, Outcome::pass))
        );
    }
    return items.empty() ? "" : "<h4>Strengths and evidence</h4>\n" + html_list(items);
}

/// Where the category stands above 95, what weighs little and is in place all the same.
std::string excess_markup(const CategoryResult& category) {
    constexpr std::int64_t exceptional = 9500;
    if (!category.score || category.score->low.hundredths < exceptional) {
        return "";
    }
    std::vector<std::string> titles;
    for (const auto* result : strengths_of(category)) {
        if (result->rule->severity <= FindingSeverity::medium && titles.size() < shown_strengths) {
            titles.push_back(
                escape_markup(result->rule->text.title) + " " +
                html_element("span", "dim", result->rule->id)
            );
        }
    }
    return "<h4>Exceeds the standard</h4>\n" +
           (titles.empty() ? html_element("p", "", "all of its checks hold") + "\n"
                           : html_list(titles));
}

/// Each text once, in order, with how often it came.
class Distinct {
public:
    void add(std::string text) {
        const auto [at, is_new] = places_.emplace(text, texts_.size());
        if (is_new) {
            texts_.push_back({std::move(text), 0});
        }
        ++texts_[at->second].second;
    }

    const std::vector<std::pair<std::string, int>>& all() const { return texts_; }

private:
    std::vector<std::pair<std::string, int>> texts_;
    std::map<std::string, std::size_t> places_;
};

/// Behind the place, before what mends it.
std::string with_times(std::string finding, int times) {
    const auto often = html_element("span", "dim", "(" + std::to_string(times) + " times) ");
    return finding.insert(finding.rfind("<span"), often);
}

/// What stands in a base is found once in each overlay on it, and told once.
void add_failures(const RuleResult& result, std::vector<std::string>& items) {
    Distinct failed;
    for (const auto* finding : findings_with(result, Outcome::fail)) {
        failed.add(html_finding(*result.rule, *finding));
    }
    std::size_t shown = 0;
    for (const auto& [text, times] : failed.all()) {
        if (shown++ == shown_failures) {
            items.push_back(html_element(
                "span",
                "dim",
                result.rule->id + ": and " + std::to_string(failed.all().size() - shown_failures) +
                    " more"
            ));
            return;
        }
        items.push_back(times > 1 ? with_times(text, times) : text);
    }
}

std::string enhancement_markup(const CategoryResult& category) {
    std::vector<std::string> failures;
    std::vector<std::string> unknown;
    for (const auto* result : category.rules) {
        add_failures(*result, failures);
        if (const auto findings = findings_with(*result, Outcome::not_assessed);
            !findings.empty()) {
            unknown.push_back(
                html_element("strong", "", result->rule->id) + " " +
                escape_markup(message_of(*result->rule, *findings.front())) + " " +
                html_places(findings)
            );
        }
    }
    std::string markup;
    markup += failures.empty() ? "" : "<h4>Areas for enhancement</h4>\n" + html_list(failures);
    markup += unknown.empty() ? "" : "<h4>Not assessed</h4>\n" + html_list(unknown);
    return markup;
}

std::string state_of(const CategoryResult& category, const Settings& settings) {
    if (!category.score) {
        return html_element("span", "dim", "n/a: nothing here that its checks are about");
    }
    const auto low = category.score->low.hundredths;
    const auto* tone = low >= 100L * settings.minimum ? "good" : "bad";
    return html_element("strong", tone, level(low)) + " " +
           html_element(
               "span",
               "",
               interval_text(*category.score) + " of 100, weight " +
                   std::to_string(category.weight) + "%"
           );
}

}  // namespace

std::string html_places(const std::vector<const Finding*>& findings) {
    Distinct places;
    for (const auto* finding : findings) {
        places.add(where_text(*finding));
    }
    std::string markup;
    const auto& all = places.all();
    for (std::size_t at = 0; at < std::min(all.size(), shown_places); ++at) {
        markup += (at == 0 ? "" : ", ") + html_element("code", "", all[at].first);
    }
    if (all.size() > shown_places) {
        markup += html_element(
            "span", "dim", " and " + std::to_string(all.size() - shown_places) + " more"
        );
    }
    return markup;
}

std::string html_finding(const Rule& rule, const Finding& finding) {
    return html_element("strong", "", rule.id) + " " +
           html_element("span", "dim", deployctl::to_text(rule.severity)) + " " +
           escape_markup(message_of(rule, finding)) + " " +
           html_element("code", "", where_text(finding)) + " " +
           html_element("span", "mend", rule.text.mend);
}

std::string html_category(const CategoryResult& category, const Settings& settings) {
    return "<section id=\"" + escape_markup(category.id) + "\">\n" +
           html_element("h3", "", category.title) + "\n<p>" + state_of(category, settings) +
           "</p>\n" + strengths_markup(category) + excess_markup(category) +
           enhancement_markup(category) + "</section>\n";
}

}  // namespace deployctl::readiness
