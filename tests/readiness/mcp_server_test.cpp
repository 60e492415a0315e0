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

/// "1" to {"IMG-01", ...}, of the table of the README.
std::map<std::string, std::vector<std::string>> rules_by_system() {
    std::map<std::string, std::vector<std::string>> rows;
    Texts texts;
    read_folder(mcp_folder(), texts);
    std::istringstream lines(texts.at("README.md"));
    for (std::string text; std::getline(lines, text);) {
        const auto row = found_in(text, "^\\| (\\d+) \\|");
        re2::StringPiece rest(text);
        for (std::string id;
             !row.empty() && RE2::FindAndConsume(&rest, "`([A-Z0-9]+-\\d+)`", &id);) {
            rows[row].push_back(id);
        }
    }
    return rows;
}

struct Count {
    int passed = 0;
    int failed = 0;
    int others = 0;
};

Count count(const Assessment& assessment, const std::string& id) {
    Count count;
    for (const auto& result : assessment.results) {
        for (const auto& finding : result.findings) {
            auto& number = finding.outcome == Outcome::pass   ? count.passed
                           : finding.outcome == Outcome::fail ? count.failed
                                                              : count.others;
            number += result.rule->id == id ? 1 : 0;
        }
    }
    return count;
}

TEST_CASE("each system has rules that pass on the good service and fail on the flawed one") {
    const auto rows = rules_by_system();
    CHECK(rows.size() == 12);
    for (const auto& [system, rules] : rows) {
        for (const auto& id : rules) {
            INFO(system << ": " << id);
            const bool is_asked = id != "VOL-3";  // there is no claim for many nodes
            CHECK((count(good(), id).passed > 0) == is_asked);
            CHECK(count(good(), id).failed == 0);
            CHECK(count(good(), id).others == 0);
            CHECK(count(flawed(), id).failed > 0);
        }
    }
}

TEST_CASE("the good service is ready, and the flawed one is not", "[readiness]") {
    REQUIRE(good().score);
    CHECK(good().score->low.hundredths >= 9000);
    CHECK(blockers(good()).empty());
    REQUIRE(flawed().score);
    CHECK(flawed().score->high.hundredths < 8000);
    CHECK_FALSE(blockers(flawed()).empty());
}

TEST_CASE("the good service is told of as its golden report says", "[readiness]") {
    check_golden("mcp_server_good.txt", report(good()));
}

TEST_CASE("the flawed service is told of as its golden report says", "[readiness]") {
    check_golden("mcp_server_flawed.txt", report(flawed()));
}

}  // namespace
}  // namespace deployctl::readiness
