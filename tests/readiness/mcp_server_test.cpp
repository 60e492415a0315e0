// SPDX-License-Identifier: Apache-2.0
// The service of the assessment that started it, as one would wish it and with its flaws.
#include "tests/readiness/mcp_server.hpp"

#include "tests/support/golden.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace deployctl::readiness {
namespace {

std::string number(const Score& score) {
    const auto text = std::to_string(score.hundredths % 100);
    return std::to_string(score.hundredths / 100) + "." + (text.size() == 1 ? "0" : "") + text;
}

std::string interval(const std::optional<Interval>& score) {
    return score ? number(score->low) + " to " + number(score->high) : "n/a";
}

std::string line(const RuleResult& result, const Finding& finding) {
    const auto outcome = outcome_names.at(static_cast<std::size_t>(finding.outcome));
    return std::string(outcome) + " " + result.rule->id + " " + std::string(finding.place.file) +
           ":" + std::to_string(finding.place.spot.line) + " " + std::string(finding.object()) +
           " (" + finding.observed + ")\n";
}

std::string report(const Assessment& assessment) {
    std::string text = "score " + interval(assessment.score) + "\n";
    for (const auto& category : assessment.categories) {
        text += std::string(category.id) + " " + interval(category.score) + "\n";
    }
    for (const auto& [result, finding] : blockers(assessment)) {
        text += "blocker " + line(*result, *finding);
    }
    for (const auto& result : assessment.results) {
        for (const auto& finding : result.findings) {
            text += finding.outcome == Outcome::pass ? "" : line(result, finding);
        }
    }
    return text;
}

void check_golden(const std::string& name, const std::string& text) {
    const auto answer = tests::compare_with_golden("tests/golden/readiness/" + name, text);
    INFO(answer.note);
    CHECK((answer.is_same || text == answer.expected));
}

/// Both, once for all tests.
const Assessment& good() {
    static const auto assessment = assess_mcp_server(good_mcp_server());
    return assessment;
}

const Assessment& flawed() {
    static const auto assessment = assess_mcp_server(flawed_mcp_server());
    return assessment;
}

TEST_CASE("the good service is told of as its golden report says", "[readiness]") {
    check_golden("mcp_server_good.txt", report(good()));
}

TEST_CASE("the flawed service is told of as its golden report says", "[readiness]") {
    check_golden("mcp_server_flawed.txt", report(flawed()));
}

}  // namespace
}  // namespace deployctl::readiness
