// SPDX-License-Identifier: Apache-2.0
// docs/checks.md is made of the rules, and the rules keep what the score promises of them.
#include "readiness/categories.hpp"
#include "tests/readiness/assessing.hpp"
#include "tests/support/golden.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>

namespace deployctl::readiness {
namespace {

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& text : texts) {
        all += (all.empty() ? "" : ", ") + text;
    }
    return all;
}

std::string in_cell(std::string text) {
    for (auto at = text.find('|'); at != text.npos; at = text.find('|', at + 2)) {
        text.replace(at, 1, "\\|");
    }
    return text;
}

std::string row_of(const Rule& rule) {
    const std::string blocks = rule.blocks == Blocks::always       ? ", blocks"
                               : rule.blocks == Blocks::production ? ", blocks in production"
                                                                   : "";
    return "| " + rule.id + " | " + in_cell(rule.text.title) + " | " +
           deployctl::to_text(rule.severity) + blocks + " | " +
           in_cell(joined(rule.text.references)) + " |\n";
}

std::string catalogue() {
    std::string text =
        "# Checks of `deployctl assess`\n\n"
        "Made of `readiness/rules/`. `deployctl assess explain ID` tells why each of them matters, "
        "how to mend it, and what it has found here.\n"
        "Weights and thresholds are in [the format of rules](formats/readiness-rules.md) and [the "
        "assessment](formats/assessment.md).\n";
    for (const auto& category : categories) {
        text += "\n## " + std::string(category.title) + " (" + std::to_string(category.weight) +
                " %)\n\n| id | holds where | severity | after |\n|---|---|---|---|\n";
        for (const auto& rule : own_rules()->rules) {
            text += rule.category == category.id ? row_of(rule) : "";
        }
    }
    return text;
}

TEST_CASE("the list of checks is that of the rules", "[readiness]") {
    const auto answer = tests::compare_with_golden("docs/checks.md", catalogue());
    INFO(answer.note);
    CHECK(answer.is_same);
}

TEST_CASE("each category has ten checks or more, and all together two hundred", "[readiness]") {
    std::map<std::string, int> counts;
    for (const auto& rule : own_rules()->rules) {
        ++counts[rule.category];
    }
    for (const auto& category : categories) {
        INFO(category.id);
        CHECK(counts[std::string(category.id)] >= 10);
    }
    CHECK(own_rules()->rules.size() >= 200);
}

}  // namespace
}  // namespace deployctl::readiness
