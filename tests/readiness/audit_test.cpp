// SPDX-License-Identifier: Apache-2.0
#include "readiness/audit.hpp"

#include "readiness/audit_table.hpp"
#include "tests/support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <sstream>

using namespace deployctl::readiness;

namespace {

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<AuditFinding> of_kind(const Audit& audit, Contradiction kind) {
    std::vector<AuditFinding> found;
    std::ranges::copy_if(audit.findings, std::back_inserter(found), [&](const auto& finding) {
        return finding.kind == kind;
    });
    return found;
}

/// "kind: text" a line.
std::string told(const Audit& audit) {
    std::string text;
    for (const auto& finding : audit.findings) {
        text += std::string(contradiction_names[static_cast<std::size_t>(finding.kind)]) + ": " +
                finding.text + "\n";
    }
    return text;
}

std::string table_of(const std::string& rows) {
    return "| Area | Weight | Score |\n|---|---|---|\n" + rows;
}

/// What both the seed and the fixture have to be found guilty of.
void check_the_four(const Audit& audit) {
    CHECK(audit.trouble.empty());
    CHECK(audit.rows.size() == 10);
    CHECK(to_text(audit.total.low) == "92.98");
    CHECK(to_text(audit.total.high) == "92.98");
    CHECK(to_text(audit.plain_mean) == "92.40");
    REQUIRE(audit.of_parts);
    CHECK(to_text(audit.of_parts->with_means) == "92.83");
    CHECK(to_text(audit.of_parts->with_least) == "92.68");
    CHECK(of_kind(audit, Contradiction::total).size() == 1);
    CHECK(of_kind(audit, Contradiction::dropped_part).size() == 1);
    CHECK(of_kind(audit, Contradiction::stars).size() == 1);
    CHECK_FALSE(of_kind(audit, Contradiction::claim).empty());
    CHECK(of_kind(audit, Contradiction::product).empty());
    CHECK(of_kind(audit, Contradiction::weights).empty());
    CHECK(of_kind(audit, Contradiction::section).empty());
    CHECK(std::ranges::count(audit.totals, true, &StatedTotal::agrees) == 2);
}

}  // namespace

TEST_CASE("a report is held against its own table, with the lines", "[readiness]") {
    const auto audit =
        audit_report(read_file(deployctl::tests::source_dir() / "tests/readiness/audit/report.md"));
    check_the_four(audit);
    CHECK(
        told(audit) ==
        "total: the report says 91 (line 5), its table comes to 92.98 (line 65)\n"
        "dropped-part: Container Orchestration is 95 in the table (line 67), its parts are Docker "
        "images 95 (line 12), Kubernetes objects 93 (line 18): what is below it is left out; the "
        "total is 92.83 with the mean of the parts and 92.68 with the least\n"
        "stars: 5 stars for all of 10 categories, from 88 (line 47) to 97 (line 35): the stars do "
        "not follow the scores\n"
        "claim: \"TOP 5%\" (line 82) names neither file nor source\n"
    );
    CHECK(audit.ticked.all == 2);
    CHECK(audit.ticked.with_evidence == 1);
}

TEST_CASE("the report that started it has the same four contradictions", "[readiness]") {
    const auto path = deployctl::tests::source_dir() / "../shared/seed/assessment.md";
    if (!std::filesystem::exists(path)) {
        SUCCEED("it is not here");
        return;
    }
    const auto audit = audit_report(read_file(path));
    check_the_four(audit);
    CHECK(of_kind(audit, Contradiction::total).front().lines == std::vector<int>{12, 388});
}

TEST_CASE("columns may stand in any order and be decorated", "[readiness]") {
    const auto audit = audit_report(
        "> | ⭐ | **Points** | What | Area | Weight |\n"
        "> |:-:|---|---|---|--:|\n"
        "> | ★★★★☆ | **95 / 100** ✅ | a \\| b | [Net](x.md) | 0.5 |\n"
        "> | ⭐⭐ | 4.5/5 | `c` | _Disk_ | 0,25 |\n"
        "> | | 70 % | d | CI | 0.25 |\n"
    );
    REQUIRE(audit.rows.size() == 3);
    CHECK(audit.rows[0].category == "Net");
    CHECK(audit.rows[0].stars == 4);
    CHECK(audit.rows[1].score == Decimal{90 * units_of_one, 0});
    CHECK(to_text(audit.total.low) == "87.50");
    CHECK(told(audit) == "");
}

TEST_CASE("a table without weights has the mean, and a total may be a row", "[readiness]") {
    const auto audit = audit_report(
        "Area | Score\n---|---\nA | 90\nB | 80\nC | 81\n**Total** | 84.0\n\nOverall score: "
        "83.67/100\n"
    );
    CHECK_FALSE(audit.is_weighted);
    CHECK(to_text(audit.total.low) == "83.67");
    REQUIRE(audit.totals.size() == 2);
    CHECK_FALSE(audit.totals[0].agrees);
    CHECK(audit.totals[1].agrees);
}

TEST_CASE("a total is rounded once, half up, to the digits that it is said with", "[readiness]") {
    const auto total = [](const std::string& stated) {
        const auto audit = audit_report(
            table_of("| A | 50% | 90.25 |\n| B | 50% | 90.26 |\n") + "\n\nTotal score: " + stated +
            "/100\n"
        );
        REQUIRE(audit.totals.size() == 1);
        return audit.totals[0].agrees;
    };
    CHECK(total("90"));
    CHECK(total("90.3"));
    CHECK(total("90.26"));  // 90.255
    CHECK(total("90.255"));
    CHECK_FALSE(total("90.25"));
    CHECK_FALSE(total("91"));
}

TEST_CASE("weights that are not 100 and scores that are missing are said", "[readiness]") {
    const auto audit =
        audit_report(table_of("| A | 50% | 90/100 |\n| B | 30% | good |\n| C | | 70/100 |\n"));
    CHECK(
        told(audit) ==
        "weights: the weights add up to 80, not to 100 (line 1); the total is by their shares of "
        "that\n"
        "missing: B (line 4) has no score from 0 to 100: it counts 0 to 100\n"
        "missing: C (line 5) has no weight: it counts nothing\n"
    );
    CHECK(to_text(audit.total.low) == "56.25");
    CHECK(to_text(audit.total.high) == "93.75");
}

TEST_CASE("a weighted score that is miscalculated is found", "[readiness]") {
    const auto audit = audit_report(
        "| Area | Score | Weight | Weighted |\n|---|---|---|---|\n"
        "| A | 90 | 60% | 54.0 |\n| B | 80 | 40% | 34.00 |\n"
    );
    CHECK(told(audit) == "product: B (line 4): 40 of 80 is 32.00, the table says 34\n");
}

TEST_CASE("stars that are more for less are found", "[readiness]") {
    const auto audit =
        audit_report("| Area | Score |\n|---|---|\n| A | 90 ⭐⭐⭐ |\n| B | 80 ⭐⭐⭐⭐ |\n");
    CHECK(told(audit) == "stars: B has 4 stars for 80 (line 4), A 3 stars for 90 (line 3)\n");
    CHECK(told(audit_report("| Area | Score |\n|---|---|\n| A | 90 ⭐ |\n| B | 87 ⭐ |\n")) == "");
}

TEST_CASE("a category that is the mean or the least of its parts drops none", "[readiness]") {
    const auto of = [](const std::string& score) {
        const auto audit = audit_report(
            table_of("| Net | 100 | " + score + " |\n") +
            "\n# Net\n## One\nScore: 80/100\n## Two\nScore: 90/100\n"
        );
        return of_kind(audit, Contradiction::dropped_part).size();
    };
    CHECK(of("85") == 0);
    CHECK(of("80") == 0);
    CHECK(of("90") == 1);
    CHECK(of("86") == 1);
}

TEST_CASE("a section that has another score than the table is found", "[readiness]") {
    const auto audit =
        audit_report(table_of("| Net | 100 | 90 |\n") + "\n## The net\n**Score**: 80/100\n");
    CHECK(
        told(audit) == "section: Net is 90 in the table (line 3) and 80 in its section (line 6)\n"
    );
}

TEST_CASE("two tables are said, and where they differ", "[readiness]") {
    const auto audit = audit_report(
        "| Area | Score |\n|---|---|\n| Net | 70 |\n| Disk | 60 |\n\n" +
        table_of("| net | 50 | 90 |\n| Disk | 50 | 60 |\n")
    );
    CHECK(audit.table_line == 6);
    CHECK(
        told(audit) ==
        "tables: there is another table of scores (line 1); the one (line 6) is taken\n"
        "tables: Net is 90 (line 8) and 70 (line 3)\n"
    );
}

TEST_CASE("claims are let pass where a source stands beside them", "[readiness]") {
    const auto claims = [](const std::string& text) {
        return of_kind(
                   audit_report(table_of("| A | 100 | 90 |\n") + "\n" + text), Contradiction::claim
        )
            .size();
    };
    CHECK(claims("In the top 5% of all.") == 1);
    CHECK(claims("In the top 5 percent of all. It exceeds industry standards.") == 2);
    CHECK(claims("In the top 5% of all ([survey](https://example.com/s)).") == 0);
    CHECK(claims("In the top 5% of all,\nsource: the survey of 2025.") == 0);
    CHECK(claims("In the top 5% of all: `bench/table.csv:12`") == 0);
    CHECK(claims("The laptop 5% off. Stop 5% of it.") == 0);
    CHECK(claims("At 10:30 it was in the top 5%.") == 1);
}

TEST_CASE("what is no report with a table is refused in words", "[readiness]") {
    CHECK_FALSE(audit_report("").trouble.empty());
    CHECK_FALSE(audit_report("just words\n").trouble.empty());
    CHECK_FALSE(audit_report("```\n" + table_of("| A | 100 | 90 |\n") + "```\n").trouble.empty());
    CHECK_FALSE(audit_report("<!--\n" + table_of("| A | 100 | 90 |\n") + "-->\n").trouble.empty());
    CHECK_FALSE(
        audit_report("    | Area | Score |\n    |---|---|\n    | A | 90 |\n").trouble.empty()
    );
    CHECK_FALSE(audit_report("| Area | Score |\n|---|\n| A | 90 |\n").trouble.empty());
    CHECK_FALSE(
        audit_report(std::string("| A | Score |\n|---|---|\n| A | 9 |\n\0", 30)).trouble.empty()
    );
    CHECK_FALSE(audit_report(std::string(5U << 20U, 'x')).trouble.empty());
    CHECK(audit_report("```\nx\n~~~\n```\n" + table_of("| A | 100 | 90 |\n")).trouble.empty());
}

TEST_CASE("numbers that would not be exact are none", "[readiness]") {
    for (const auto* text :
         {"",
          "-5",
          "1e3",
          "nan",
          "inf",
          "9.12345",
          "1,234",
          "99999999999999999999",
          "9 9.",
          ".5",
          "+1"}) {
        CAPTURE(text);
        CHECK_FALSE(read_decimal(text).has_value());
    }
    CHECK(read_decimal("92.98")->units == 929'800);
    CHECK(read_decimal("92,9")->units == 929'000);
    const auto over = audit_report(table_of("| A | 100 | 101/100 |\n| B | 0 | 100/100 |\n"));
    CHECK_FALSE(over.rows[0].score.has_value());
    CHECK_FALSE(audit_report(table_of("| A | 0 | 90 |\n")).findings.empty());
}

TEST_CASE("hostile reports cost little and break nothing", "[readiness]") {
    const std::vector<std::string> pieces = {
        "|",
        "|||||",
        "[",
        "](",
        "<a",
        "****",
        "#",
        ":1:1:1",
        "<!--",
        "`",
        "\\",
        "\xF0\x9F",
        "\xE2",
        "# Score 1/100 x",
        "Score: 1/100\n",
        "top 5%",
        "> ",
        "-|-\n",
        "/100 ",
        "\n"
    };
    const auto start = std::clock();
    const auto head = table_of("| A | 100 | 90 |\n");
    for (const auto& piece : pieces) {
        std::string text = head;
        while (text.size() < 100'000) {
            text += piece;
        }
        CHECK(audit_report(text).rows.size() >= 1);
        std::string lines = head + "\n";
        for (int at = 0; at < 5'000; ++at) {
            lines += "# " + piece + " A\n" + piece + piece + "\n";
        }
        CHECK(audit_report(lines).findings.size() <= 200);
    }
    CHECK(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC < 20);
}

TEST_CASE("tables of any size are added up exactly", "[readiness]") {
    std::string rows;
    std::string sections;
    for (int at = 0; at < 400; ++at) {
        const auto name = "Row" + std::to_string(at);
        rows += "| " + name + " | 999.9999 | 99.9999 |\n";
        sections += "# " + name + "\n";
        for (int part = 0; part <= at % 17; ++part) {
            sections += "Score: 33.3333\n";
        }
    }
    const auto audit = audit_report(table_of(rows + "| More | 1 | 1 |\n") + "\n" + sections);
    CHECK(audit.rows.size() == 400);
    CHECK(audit.total.low.rounded(4).units == 999'999);
    REQUIRE(audit.of_parts);
    CHECK(audit.of_parts->with_means.rounded(2) > Decimal{33 * units_of_one, 0});
    CHECK(audit.of_parts->with_means.rounded(2) < Decimal{40 * units_of_one, 0});
    CHECK(audit.findings.size() == 200);
    CHECK(audit.findings_left_out > 0);
}

TEST_CASE("an interval counts by its low end, as our own reports have it", "[readiness]") {
    using namespace deployctl::readiness;
    CHECK(read_score("58.67 to 81.19") == read_score("58.67"));
    CHECK(read_score("97.00 to 98.00")->units == 97 * units_of_one);
}
