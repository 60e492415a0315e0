// SPDX-License-Identifier: Apache-2.0
#include "readiness/reports/junit.hpp"

#include "model/text.hpp"
#include "readiness/reports/escaping.hpp"

namespace deployctl::readiness {

namespace {

struct Suite {
    std::string name;
    std::string cases;
    int tests = 0;
    int failures = 0;
    int skipped = 0;
};

std::string attribute(std::string_view name, std::string_view value) {
    return " " + std::string(name) + "=\"" + escape_markup(value) + "\"";
}

std::string attribute(std::string_view name, int value) {
    return attribute(name, std::to_string(value));
}

std::string lines_of(const RuleResult& result, const std::vector<const Finding*>& findings) {
    std::string lines;
    for (const auto* finding : findings) {
        lines += where_text(*finding) + ": " + message_of(*result.rule, *finding) + " [" +
                 std::string(finding->object()) + "]\n";
    }
    return lines;
}

/// A line each, which `clean` would make one.
std::string escaped_lines(const std::string& lines) {
    std::string escaped;
    for (std::size_t at = 0; at < lines.size();) {
        const auto end = lines.find('\n', at);
        escaped += escape_markup(std::string_view(lines).substr(at, end - at)) + "\n";
        at = end + 1;
    }
    return escaped;
}

void add_failure(
    Suite& suite, const RuleResult& result, const std::vector<const Finding*>& failed
) {
    const auto& rule = *result.rule;
    ++suite.failures;
    suite.cases += "      <failure" + attribute("message", message_of(rule, *failed.front())) +
                   attribute("type", deployctl::to_text(rule.severity)) + ">" +
                   escaped_lines(lines_of(result, failed)) +
                   escape_markup("To mend it: " + rule.text.mend) + "</failure>\n";
}

void add_skipped(Suite& suite, const std::string& message) {
    ++suite.skipped;
    suite.cases += "      <skipped" + attribute("message", message) + "/>\n";
}

void add_case(Suite& suite, const RuleResult& result) {
    const auto& rule = *result.rule;
    ++suite.tests;
    suite.cases += "    <testcase" + attribute("classname", rule.category) +
                   attribute("name", rule.id + " " + rule.text.title);
    const auto failed = findings_with(result, Outcome::fail);
    const auto unknown = findings_with(result, Outcome::not_assessed);
    const auto waived = findings_with(result, Outcome::waived);
    const auto& first = failed.empty() ? result.findings.front() : *failed.front();
    if (!first.place.file.empty()) {
        suite.cases += attribute("file", first.place.file);
        suite.cases += first.place.spot.line > 0
                           ? attribute("line", static_cast<int>(first.place.spot.line))
                           : "";
    }
    suite.cases += ">\n";
    if (!failed.empty()) {
        add_failure(suite, result, failed);
    } else if (!unknown.empty()) {
        add_skipped(suite, "not assessed: " + message_of(rule, *unknown.front()));
    } else if (!waived.empty() && waived.front()->waiver != nullptr) {
        add_skipped(suite, "waived: " + waived.front()->waiver->reason);
    }
    suite.cases += "    </testcase>\n";
}

Suite suite_of_score(const Assessment& assessment) {
    Suite suite{"readiness", "", 1, 0, 0};
    const auto why = join(reasons(assessment), "; ");
    suite.cases = "    <testcase" + attribute("classname", "readiness") +
                  attribute("name", "the score is enough, and nothing blocks") + ">\n";
    if (!why.empty()) {
        ++suite.failures;
        suite.cases += "      <failure" + attribute("message", why) +
                       attribute("type", verdict_text(assessment)) + "/>\n";
    }
    suite.cases += "    </testcase>\n";
    return suite;
}

std::string counts_of(const Suite& suite) {
    return attribute("tests", suite.tests) + attribute("failures", suite.failures) +
           attribute("errors", 0) + attribute("skipped", suite.skipped);
}

}  // namespace

std::string junit_of(const Assessment& assessment, const ReportHead& head) {
    std::vector<Suite> suites{suite_of_score(assessment)};
    for (const auto& category : assessment.categories) {
        Suite suite{std::string(category.title), "", 0, 0, 0};
        for (const auto* result : category.rules) {
            if (!result->findings.empty()) {
                add_case(suite, *result);
            }
        }
        suites.push_back(std::move(suite));
    }
    Suite all{"deployctl assess", "", 0, 0, 0};
    std::string body;
    for (const auto& suite : suites) {
        all.tests += suite.tests;
        all.failures += suite.failures;
        all.skipped += suite.skipped;
        body += "  <testsuite" + attribute("name", suite.name) + counts_of(suite) +
                attribute("timestamp", to_rfc3339(head.at)) + ">\n" + suite.cases +
                "  </testsuite>\n";
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + attribute("name", all.name) +
           counts_of(all) + ">\n" + body + "</testsuites>\n";
}

}  // namespace deployctl::readiness
