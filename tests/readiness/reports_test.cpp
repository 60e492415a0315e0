// SPDX-License-Identifier: Apache-2.0
// What the reports say, each in its form; and that strangers' texts stay texts in all of them.
#include "documents/json.hpp"
#include "documents/yaml_source.hpp"
#include "gates/readiness_report.hpp"
#include "readiness/reports/assessment_json.hpp"
#include "readiness/reports/delta_json.hpp"
#include "readiness/reports/escaping.hpp"
#include "readiness/reports/html.hpp"
#include "readiness/reports/junit.hpp"
#include "readiness/reports/markdown.hpp"
#include "readiness/reports/sarif_json.hpp"
#include "tests/readiness/report_bench.hpp"
#include "tests/support/source_dir.hpp"

#include <boost/multiprecision/cpp_int.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace deployctl::readiness {
namespace {

using Catch::Matchers::Contains;
using Rational = boost::multiprecision::cpp_rational;

/// What is wrong with it, by the schema in this file; empty where nothing is.
std::string schema_errors(const std::string& schema_path, const Value& value) {
    std::ifstream file(tests::source_dir() / schema_path);
    REQUIRE(file);
    const auto schema_json = nlohmann::json::parse(file);
    valijson::Schema schema;
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_json), schema);
    const auto json = nlohmann::json::parse(documents::write_json(value));
    valijson::ValidationResults results;
    valijson::Validator().validate(schema, valijson::adapters::NlohmannJsonAdapter(json), &results);
    std::string errors;
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
        for (const auto& step : error.context) {
            errors += step;
        }
        errors += ": " + error.description + "\n";
    }
    return errors;
}

constexpr auto assessment_schema = "docs/formats/assessment.schema.json";
constexpr auto sarif_schema = "tests/readiness/sarif.schema.json";

/// Each of its texts would be something else in one of the formats.
Assessment hostile_assessment() {
    const std::vector<std::string> texts = {
        "</script><script>alert(1)</script>",
        "\" onmouseover=\"x",
        "]]><!-- --> --!>",
        "`code` | cell | @somebody #12 https://example.com [a](b) ![i](j)",
        "a\nb\r\tc\x1b[31m\x01\x7f",
        "\xE2\x80\xAE turned \xE2\x81\xA6",
        "\xff\xfe broken \xc3",
        "${name} ${path} ${",
        std::string("zero\0byte", 9),
        "</details></table>",
    };
    ReportBench bench;
    bench.rule("X-1", "containers", FindingSeverity::critical, Blocks::always);
    bench.last_rule().text.message = "${observed} ${unknown} ${name} ${";
    for (const auto& text : texts) {
        GivenFinding given;
        given.object = text;
        given.file = text;
        given.observed = text;
        bench.finding(given);
        given.outcome = Outcome::not_assessed;
        bench.finding(given);
        bench.coverage.unread.push_back({text, text, {1, 1}});
        bench.coverage.skipped.push_back(text);
    }
    bench.rule("X-2", "network").pass(texts.front());
    return bench.assess();
}

std::size_t count_of_text(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

/// Of Markdown, what is not in a span of code, where nothing is layout.
std::string outside_code(const std::string& text) {
    std::string outside;
    bool is_code = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && !is_code) {
            outside += text.substr(at++, 2);
        } else if (text[at] == '`') {
            is_code = !is_code;
        } else if (!is_code) {
            outside += text[at];
        }
        is_code = is_code && text[at] != '\n';
    }
    return outside;
}

bool is_ascii_clean(const std::string& text) {
    return std::ranges::none_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\n') || byte == 0x7F;
    });
}

}  // namespace

TEST_CASE("checks are counted by their worst finding", "[readiness]") {
    const auto counts = count_checks(mixed_assessment());
    CHECK(counts.passed == 1);
    CHECK(counts.failed == 2);
    CHECK(counts.not_assessed == 1);
    CHECK(counts.not_applicable == 1);
    CHECK(counts.asked() == 4);
}

TEST_CASE("open checks begin with blockers, then with what brings the most", "[readiness]") {
    ReportBench bench;
    bench.rule("A", "cloud", FindingSeverity::low, Blocks::always).fail();
    bench.rule("B", "network", FindingSeverity::low).fail().pass("x");
    bench.rule("C", "network", FindingSeverity::critical).fail().pass("x");
    const auto assessment = bench.assess();
    const auto open = open_checks(assessment);
    REQUIRE(open.size() == 3);
    CHECK(open[0].result->rule->id == "A");
    CHECK(open[0].blocks);
    CHECK(open[1].result->rule->id == "C");
    CHECK(open[2].result->rule->id == "B");
    // 100 * 12/17 * 10/11 / 2
    CHECK(open[1].gain == 3209);
    CHECK(points_text(open[1].gain) == "32.09");
    CHECK(points_text(-5) == "-0.05");
}

TEST_CASE("messages are filled in once, and with what is there", "[readiness]") {
    ReportBench bench;
    GivenFinding given;
    given.observed = "${path}";
    bench.rule("A", "cloud").finding(given);
    const auto assessment = bench.assess();
    const auto& finding = assessment.results[0].findings[0];
    CHECK(message_of(*assessment.results[0].rule, finding) == "web has ${path}");
    auto unknown = finding;
    unknown.outcome = Outcome::not_assessed;
    unknown.observed = "var.size has no default";
    CHECK(message_of(*assessment.results[0].rule, unknown) == "var.size has no default");
}

TEST_CASE("fingerprints are of rule and object, and of nothing else", "[readiness]") {
    CHECK(fingerprint("A", "x") == fingerprint("A", "x"));
    CHECK(fingerprint("A", "x") != fingerprint("A", "y"));
    CHECK(fingerprint("A", "x") != fingerprint("B", "x"));
    CHECK(fingerprint("A", "x").size() == 32);
}

TEST_CASE("the points of the JSON add up to its total, exactly", "[readiness]") {
    const auto value = to_value(mixed_assessment(), report_head());
    Rational low = 0;
    Rational high = 0;
    Rational worth = 0;
    for (const auto& rule : value.items("/rules")) {
        if (!rule.at("/points").is_null()) {
            low += Rational(rule.text("/points/low"));
            high += Rational(rule.text("/points/high"));
            worth += Rational(rule.text("/worth"));
        }
    }
    CHECK(low == Rational(value.text("/score/low_exact")));
    CHECK(high == Rational(value.text("/score/high_exact")));
    CHECK(worth == 100);
    Rational of_categories = 0;
    for (const auto& category : value.items("/categories")) {
        of_categories +=
            category.at("/points").is_null() ? Rational(0) : Rational(category.text("/points/low"));
    }
    CHECK(of_categories == low);
}

TEST_CASE("the JSON is as its schema says, and the same for the same tree", "[readiness]") {
    for (const auto& assessment :
         {mixed_assessment(), hostile_assessment(), ReportBench().assess()}) {
        CHECK(schema_errors(assessment_schema, to_value(assessment, report_head())) == "");
    }
    const auto text = documents::write_json(to_value(mixed_assessment(), report_head()));
    CHECK(text == documents::write_json(to_value(mixed_assessment(), report_head())));
    auto later = report_head();
    later.at += std::chrono::hours(1);
    auto other = to_value(mixed_assessment(), later);
    other.set("/assessed_at", to_rfc3339(report_head().at));
    CHECK(text == documents::write_json(other));
}

TEST_CASE("the schema refuses what the JSON never says", "[readiness]") {
    auto value = to_value(mixed_assessment(), report_head());
    REQUIRE(schema_errors(assessment_schema, value) == "");
    const auto refuses = [&](const char* place, const Value& wrong) {
        auto changed = value;
        changed.set(place, wrong);
        return !schema_errors(assessment_schema, changed).empty();
    };
    CHECK_FALSE(refuses("/delta", to_value(Delta{})));
    CHECK(refuses("/v", 2));
    CHECK(refuses("/surprise", 1));
    CHECK(refuses("/score/low", 101));
    CHECK(refuses("/score/low_exact", "0.5"));
    CHECK(refuses("/verdict", "fine"));
    CHECK(refuses("/rules/0/severity", "grave"));
    CHECK(refuses("/rules/0/subjects/0/outcome", "maybe"));
}

TEST_CASE("a gate of type readiness reads the JSON", "[readiness]") {
    const auto report = gates::read_readiness_report(
        documents::write_json(to_value(mixed_assessment(), report_head()))
    );
    CHECK(report.trouble == "");
    CHECK(report.findings.size() == 2);
    CHECK(report.findings[0].rule == "K8S-1");
    CHECK(report.coverage == 1.0);
    CHECK(report.low < report.high);
    const auto empty = gates::read_readiness_report(
        documents::write_json(to_value(ReportBench().assess(), report_head()))
    );
    CHECK(empty.trouble != "");
}

TEST_CASE("the JSON counts the subjects of a rule by their outcome", "[readiness]") {
    ReportBench bench;
    GivenFinding given;
    given.outcome = Outcome::not_assessed;
    given.count = 4;
    bench.rule("A", "cloud").fail().fail("x").pass("y").finding(given);
    const auto value = to_value(bench.assess(), report_head());
    CHECK(value.number("/rules/0/outcomes/fail") == 2);
    CHECK(value.number("/rules/0/outcomes/pass") == 1);
    CHECK(value.number("/rules/0/outcomes/waived") == 0);
    CHECK(value.number("/rules/0/outcomes/not-assessed") == 4);
}

TEST_CASE("an app that is not said is not in the JSON", "[readiness]") {
    const auto value = to_value(mixed_assessment(), {"", "", "0.1.0", WallTime()});
    CHECK_FALSE(value.has("/app"));
    CHECK_FALSE(value.has("/env"));
}

TEST_CASE("SARIF has the right lines, levels, rules and fingerprints", "[readiness]") {
    const auto sarif = sarif_of(mixed_assessment(), report_head());
    CHECK(schema_errors(sarif_schema, sarif) == "");
    const auto& results = sarif.items("/runs/0/results");
    REQUIRE(results.size() == 2);
    CHECK(results[0].text("/ruleId") == "K8S-1");
    CHECK(results[0].text("/level") == "error");
    CHECK(results[1].text("/level") == "note");
    const auto& place = results[0].at("/locations/0/physicalLocation");
    CHECK(place.text("/artifactLocation/uri") == "k8s/web.yaml");
    CHECK(place.number("/region/startLine") == 14);
    CHECK(place.number("/region/startColumn") == 5);
    CHECK(
        results[0].text("/partialFingerprints/deployctlReadiness~1v1") ==
        fingerprint("K8S-1", "prod -> Deployment/shop/web")
    );
    const auto& rules = sarif.items("/runs/0/tool/driver/rules");
    CHECK(rules.size() == 4);
    for (const auto& result : results) {
        const auto index = static_cast<std::size_t>(result.number("/ruleIndex"));
        CHECK(rules.at(index).text("/id") == result.text("/ruleId"));
    }
    CHECK_THAT(rules[0].text("/help/text"), Contains("mend of K8S-1"));
    CHECK(
        sarif.text("/runs/0/invocations/0/toolExecutionNotifications/0/message/text") ==
        "broken.yaml could not be read: a tab in the indent"
    );
}

TEST_CASE("SARIF stays valid where places are not known and texts are hostile", "[readiness]") {
    CHECK(schema_errors(sarif_schema, sarif_of(hostile_assessment(), report_head())) == "");
    CHECK(schema_errors(sarif_schema, sarif_of(ReportBench().assess(), report_head())) == "");
    ReportBench bench;
    GivenFinding given;
    given.file = "";
    given.spot = {};
    bench.rule("A", "cloud").finding(given);
    given.file = "a b/ä%.yaml";
    bench.finding(given);
    const auto sarif = sarif_of(bench.assess(), report_head());
    CHECK(schema_errors(sarif_schema, sarif) == "");
    CHECK_FALSE(sarif.has("/runs/0/results/0/locations/0/physicalLocation"));
    const auto& place = sarif.at("/runs/0/results/1/locations/0/physicalLocation");
    CHECK(place.text("/artifactLocation/uri") == "a%20b/%C3%A4%25.yaml");
    CHECK_FALSE(place.has("/region"));
}

TEST_CASE("what is waived is suppressed in SARIF, with who and why", "[readiness]") {
    const Waiver waiver{"A", "", "old cluster", "sre", "2027-01-31"};
    ReportBench bench;
    bench.rule("A", "cloud").fail();
    auto assessment = bench.assess();
    assessment.results[0].findings[0].outcome = Outcome::waived;
    assessment.results[0].findings[0].waiver = &waiver;
    const auto sarif = sarif_of(assessment, report_head());
    CHECK(schema_errors(sarif_schema, sarif) == "");
    CHECK(
        sarif.text("/runs/0/results/0/suppressions/0/justification") ==
        "old cluster (sre, until 2027-01-31)"
    );
    const auto json = to_value(assessment, report_head());
    CHECK(json.at("/findings/0/waived") == Value(true));
    CHECK(json.text("/rules/0/subjects/0/waiver/owner") == "sre");
    CHECK_THAT(
        junit_of(assessment, report_head()), Contains("<skipped message=\"waived: old cluster\"/>")
    );
    CHECK_THAT(html_of(assessment, report_head()), Contains("old cluster (sre, until 2027-01-31)"));
}

TEST_CASE("JUnit has a case for each check that was asked, and one for the score", "[readiness]") {
    const auto xml = junit_of(mixed_assessment(), report_head());
    CHECK(count_of_text(xml, "<testcase") == 5);
    CHECK(count_of_text(xml, "<failure") == 3);
    CHECK(count_of_text(xml, "<skipped") == 1);
    CHECK_THAT(
        xml,
        Contains("<testsuites name=\"deployctl assess\" tests=\"5\" failures=\"3\" errors=\"0\" "
                 "skipped=\"1\">")
    );
    CHECK_THAT(
        xml, Contains("k8s/web.yaml:14:5: web has nothing [prod -&gt; Deployment/shop/web]")
    );
    CHECK_THAT(xml, Contains("which no score outweighs"));
}

TEST_CASE("texts of strangers are no markup in XML and HTML", "[readiness]") {
    for (const auto& text :
         {junit_of(hostile_assessment(), report_head()),
          html_of(hostile_assessment(), report_head(), {{WallTime(), 5000, 6000}})}) {
        CHECK(text.find("<script") == std::string::npos);
        CHECK(text.find("onmouseover=\"") == std::string::npos);
        CHECK(text.find("]]>") == std::string::npos);
        CHECK(text.find("\xE2\x80\xAE") == std::string::npos);
        CHECK(is_ascii_clean(text));
        CHECK_FALSE(documents::find_bad_character(text).has_value());
    }
}

TEST_CASE("a comment begins with its mark and the verdict, and fits", "[readiness]") {
    const auto text = markdown_of(mixed_assessment(), report_head());
    CHECK(
        text.starts_with("<!-- deployctl:assess checkout/production -->\n### Readiness of checkout")
    );
    CHECK_THAT(text, Contains("**NOT READY**"));
    CHECK_THAT(text, Contains("1 blocker, which no score outweighs"));
    CHECK_THAT(text, Contains("⛔ K8S-1 | critical | web has nothing | `k8s/web.yaml:14:5`"));
    CHECK_THAT(text, Contains("<details><summary>Not assessed (1)</summary>"));
    CHECK_THAT(text, Contains("broken.yaml:3:1"));
    CHECK(text.find("left out") == std::string::npos);
}

TEST_CASE("a comment is cut from its end, whole lines, and says so", "[readiness]") {
    ReportBench bench;
    bench.rule("A", "network");
    for (int at = 0; at < 3000; ++at) {
        bench.fail("prod -> Deployment/shop/" + std::to_string(at));
    }
    const auto assessment = bench.assess();
    for (const std::size_t most : {60'000UL, 20'000UL, 3'000UL, 900UL, 300UL}) {
        const auto text = markdown_of(assessment, report_head(), {most, nullptr});
        CAPTURE(most, text.size());
        CHECK(text.size() <= most);
        CHECK_THAT(text, Contains("left out"));
        CHECK(count_of_text(text, "<details>") == count_of_text(text, "</details>"));
        CHECK(text.starts_with("<!-- deployctl:assess"));
    }
}

TEST_CASE("texts of strangers neither lay out a comment nor call anybody", "[readiness]") {
    const auto text = outside_code(markdown_of(hostile_assessment(), report_head()));
    CHECK(text.find("<script") == std::string::npos);
    CHECK(text.find("@somebody #12") == std::string::npos);
    CHECK(text.find("[a](b)") == std::string::npos);
    CHECK(count_of_text(text, "</details>") == count_of_text(text, "<details>"));
    CHECK(markdown_code("a`|b") == "`a'\\|b`");
    CHECK(escape_markdown("@a #1 <b> _c_") == "&#64;a &#35;1 &lt;b&gt; \\_c\\_");
    auto head = report_head();
    head.app = "a --> <b>";
    CHECK(count_of_text(markdown_of(mixed_assessment(), head), "-->") == 1);
}

TEST_CASE("a comment tells what has changed since the baseline", "[readiness]") {
    ReportBench now;
    now.rule("K8S-1", "containers", FindingSeverity::critical, Blocks::always)
        .pass()
        .fail("prod -> Deployment/shop/api");
    const auto assessment = now.assess();
    const auto delta = compare(recorded_of(mixed_assessment()), recorded_of(assessment));
    const auto text = markdown_of(assessment, report_head(), {most_comment_bytes, &delta});
    CHECK_THAT(text, Contains("Since the baseline: 1 new, 1 fixed, 0 no longer assessed; low end"));
    CHECK_THAT(text, Contains("- new **K8S-1** `prod -> Deployment/shop/api`"));
    CHECK_THAT(text, Contains("<details><summary>Changes since the baseline (2)</summary>"));
}

TEST_CASE("the page has all of its parts, and nothing from elsewhere", "[readiness]") {
    const auto page = html_of(
        mixed_assessment(),
        report_head(),
        {{WallTime(), 5000, 6000}, {WallTime(std::chrono::hours(48)), 7000, 7000}}
    );
    for (const auto* part :
         {"<h2>Summary</h2>",
          "<h2>Trend</h2>",
          "<h2>Blockers</h2>",
          "<h2>Categories</h2>",
          "<h2>Recommendations</h2>",
          "<h3>0-30 days</h3>",
          "<h3>30-90 days</h3>",
          "<h3>90+ days</h3>",
          "<h2>Conclusion</h2>",
          "<h4>Strengths and evidence</h4>",
          "<h4>Exceeds the standard</h4>",
          "<h4>Areas for enhancement</h4>",
          "<h4>Not assessed</h4>",
          "Files that could not be read",
          "role=\"img\""}) {
        CAPTURE(part);
        CHECK_THAT(page, Contains(part));
    }
    CHECK(page.find("style=\"") == std::string::npos);
    CHECK(page.find("<script") == std::string::npos);
    CHECK(page.find("src=") == std::string::npos);
    CHECK(page.find("href=") == std::string::npos);
    CHECK(count_of_text(page, "<section") == count_of_text(page, "</section>"));
    CHECK_THAT(page, Contains("default-src 'none'"));
    CHECK(page.find("<h2>Trend</h2>") != std::string::npos);
    CHECK(html_of(mixed_assessment(), report_head()).find("<h2>Trend</h2>") == std::string::npos);
    CHECK_THAT(html_of(ReportBench().assess(), report_head()), Contains("n/a"));
}

TEST_CASE("the policy of the page names the digest of its style", "[readiness]") {
    const auto page = html_of(mixed_assessment(), report_head());
    const auto begin = page.find("<style>") + 7;
    const auto digest = documents::sha256_hex(page.substr(begin, page.find("</style>") - begin));
    const auto at = page.find("'sha256-") + 8;
    const auto named = page.substr(at, page.find('\'', at) - at);
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bits;
    for (const char c : named.substr(0, 43)) {
        for (int bit = 5; bit >= 0; --bit) {
            bits += (letters.find(c) >> bit & 1U) != 0 ? '1' : '0';
        }
    }
    std::string hexadecimal;
    for (std::size_t half = 0; half < 64; ++half) {
        hexadecimal += "0123456789abcdef"[std::stoi(bits.substr(half * 4, 4), nullptr, 2)];
    }
    CHECK(named.size() == 44);
    CHECK(hexadecimal == digest);
}

}  // namespace deployctl::readiness
