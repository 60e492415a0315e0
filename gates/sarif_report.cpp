// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1, as scanners write it for code hosts. How bad a result is says its rule, by a CVSS
// score in `security-severity`; without one, the level: error is high, warning medium, note low.
// What the report itself suppresses counts: what does not count is said in a VEX document.
#include "gates/scan_report.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>

namespace deployctl::gates {

namespace {

constexpr double critical_score = 9;
constexpr double high_score = 7;
constexpr double medium_score = 4;
constexpr double highest_score = 10;

using Rules = std::map<std::string, const Value*, std::less<>>;

Rating rating_of_score(double score) {
    return score >= critical_score ? Rating::critical
           : score >= high_score   ? Rating::high
           : score >= medium_score ? Rating::medium
                                   : Rating::low;
}

/// A text by the specification, a number where somebody has not read it.
std::optional<double> read_score(const Value& value) {
    double score = value.real("", std::nan(""));
    if (value.is_string()) {
        const auto text = value.text("");
        const auto* const end = text.data() + text.size();
        const auto [stopped, error] = std::from_chars(text.data(), end, score);
        score = error == std::errc{} && stopped == end ? score : std::nan("");
    }
    return score >= 0 && score <= highest_score ? std::optional(score) : std::nullopt;
}

Rating rating_of_level(const std::string& level, ScanReport& report) {
    constexpr std::array<std::pair<std::string_view, Rating>, 4> levels{{
        {"error", Rating::high},
        {"warning", Rating::medium},
        {"note", Rating::low},
        {"none", Rating::low},
    }};
    const auto* const found =
        std::ranges::find(levels, level, &decltype(levels)::value_type::first);
    if (found == levels.end()) {
        complain(report, "`" + level + "` is no level");
        return Rating::unknown;
    }
    return found->second;
}

Rules rules_of(const Value& run, ScanReport& report) {
    Rules rules;
    const auto add = [&](const Value& component) {
        for (const auto& rule : list_at(component, "/rules", report)) {
            rules.emplace(rule.text("/id"), &rule);
        }
    };
    add(run.at("/tool/driver"));
    for (const auto& extension : list_at(run, "/tool/extensions", report)) {
        add(extension);
    }
    return rules;
}

/// Its own, or the one that its number in the list of rules leads to.
std::string id_of(const Value& result, const Value& run, ScanReport& report) {
    const auto told = result.text("/ruleId", result.text("/rule/id"));
    if (!told.empty()) {
        return told;
    }
    const auto index = result.number("/ruleIndex", result.number("/rule/index", -1));
    const auto rule = "/tool/driver/rules/" + std::to_string(index) + "/id";
    return text_at(run, rule, report);
}

Rating rating_of(const Value& result, const Value& rule, ScanReport& report) {
    for (const auto* bearer : {&rule, &result}) {
        const auto& told = bearer->at("/properties/security-severity");
        if (told.is_null()) {
            continue;
        }
        const auto score = read_score(told);
        if (!score) {
            complain(report, "a `security-severity` is no number from 0 to 10");
        }
        return score ? rating_of_score(*score) : Rating::unknown;
    }
    const auto usual = rule.text("/defaultConfiguration/level", "warning");
    return rating_of_level(result.text("/level", usual), report);
}

/// Where it was found, and what was said of it: package and version stand in the message.
std::string place_of(const Value& result) {
    const auto& place = result.at("/locations/0/physicalLocation");
    return place.text("/artifactLocation/uri") + ":" +
           std::to_string(place.number("/region/startLine")) + " " + result.text("/message/text");
}

/// A result may also tell that all is well, or of what an earlier run had found.
bool is_finding(const Value& result) {
    constexpr std::array<std::string_view, 3> harmless{"pass", "notApplicable", "informational"};
    return std::ranges::count(harmless, result.view("/kind")) == 0 &&
           result.view("/baselineState").compare("absent") != 0;
}

void read_run(const Value& run, ScanReport& report) {
    report.tool = run.text("/tool/driver/name");
    if (!run.at("/results").is_array()) {
        complain(report, "a run of it has no results: nothing was looked for");
    }
    for (const auto& invocation : list_at(run, "/invocations", report)) {
        read_made_at(invocation.at("/endTimeUtc"), report);
        if (invocation.has("/executionSuccessful") && !invocation.flag("/executionSuccessful")) {
            complain(report, "it says that its program did not end well");
        }
    }
    add_digest(run.text("/properties/imageName"), report);  // so Trivy tells it
    for (const auto& image : list_at(run, "/properties/repoDigests", report)) {
        add_digest(image.text(""), report);
    }
    const auto rules = rules_of(run, report);
    const Value unknown;
    for (const auto& result : list_at(run, "/results", report)) {
        if (!is_finding(result)) {
            continue;
        }
        const auto id = id_of(result, run, report);
        const auto rule = rules.find(id);
        const auto& known = rule == rules.end() ? unknown : *rule->second;
        report.findings.push_back({id, {}, place_of(result), rating_of(result, known, report)});
    }
}

}  // namespace

ScanReport read_sarif(const Value& document) {
    ScanReport report;
    const auto version = document.text("/version");
    if (!version.starts_with("2.1.")) {
        complain(report, "it is SARIF `" + version + "`; 2.1 can be read");
    }
    const auto& runs = list_at(document, "/runs", report);
    if (runs.empty()) {
        complain(report, "it has no run: nothing was looked for");
    }
    for (const auto& run : runs) {
        read_run(run, report);
    }
    return report;
}

}  // namespace deployctl::gates
