// SPDX-License-Identifier: Apache-2.0
// JSON of Grype (`grype --output json`).
#include "gates/scan_report.hpp"

namespace deployctl::gates {

namespace {

Finding read_finding(const Value& match, ScanReport& report) {
    Finding finding;
    finding.id = text_at(match, "/vulnerability/id", report);
    finding.package = match.text("/artifact/name") + "@" + match.text("/artifact/version");
    for (const auto& related : list_at(match, "/relatedVulnerabilities", report)) {
        finding.also.push_back(related.text("/id"));
    }
    finding.rating = rating_at(match, "/vulnerability/severity", report);
    return finding;
}

}  // namespace

ScanReport read_grype(const Value& document) {
    ScanReport report;
    report.tool = "grype";
    read_made_at(document.at("/descriptor/timestamp"), report);
    if (!document.at("/matches").is_array()) {
        complain(report, "its matches are no list: nothing was looked for");
    }
    add_digest(document.text("/source/target/userInput"), report);
    for (const auto& image : list_at(document, "/source/target/repoDigests", report)) {
        add_digest(image.text(""), report);
    }
    for (const auto& match : list_at(document, "/matches", report)) {
        report.findings.push_back(read_finding(match, report));
    }
    return report;
}

}  // namespace deployctl::gates
