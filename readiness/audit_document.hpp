// SPDX-License-Identifier: Apache-2.0
// As much of a Markdown report as an audit of it needs: headings, tables and lines of prose, each
// with its line; not what stands in code blocks and comments. Text from strangers: of any length,
// in linear time; cells and rows beyond what a table of scores has are left out. Values; any
// thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

/// Without marks of layout and pictures; stars are counted.
struct PlainText {
    std::string text;
    int stars = 0;
};

struct ReportHeading {
    int line = 0;
    int level = 1;  ///< 1 to 6
    PlainText title;
};

struct TableRow {
    int line = 0;
    std::vector<PlainText> cells;
};

struct ReportTable {
    TableRow header;
    std::vector<TableRow> rows;
    bool is_cut = false;  ///< it had more rows than are read
};

struct ReportLine {
    int number = 0;
    std::string_view raw;
    std::string text;  ///< plain
};

struct ReportDocument {
    std::vector<ReportHeading> headings;
    std::vector<ReportTable> tables;
    std::vector<ReportLine> lines;  ///< of prose and lists, without empty ones
};

/// `markdown` has to last as long as the document.
ReportDocument read_report_document(std::string_view markdown);

PlainText plain_text(std::string_view markdown);
/// Of letters and digits, in lower case: "CI/CD Pipeline" is ci, cd, pipeline.
std::vector<std::string> words_of(std::string_view text);

}  // namespace deployctl::readiness
