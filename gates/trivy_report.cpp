// SPDX-License-Identifier: Apache-2.0
// JSON of Trivy (`trivy image --format json`, SchemaVersion 2).
#include "gates/scan_report.hpp"

#include <algorithm>

namespace deployctl::gates {

namespace {

Finding read_finding(const Value& entry, ScanReport& report) {
    Finding finding;
    finding.id = text_at(entry, "/VulnerabilityID", report);
    finding.package = entry.text("/PkgName") + "@" + entry.text("/InstalledVersion");
    finding.rating = rating_at(entry, "/Severity", report);
    return finding;
}

/// Trivy looks for secrets and mistakes in configurations as well, where it is told so.
bool is_about_packages(const Value& result) {
    return result.text("/Class").ends_with("-pkgs") || result.has("/Vulnerabilities");
}

}  // namespace

ScanReport read_trivy(const Value& document) {
    ScanReport report;
    report.tool = "trivy";
    read_made_at(document.at("/CreatedAt"), report);
    add_digest(document.text("/ArtifactName"), report);
    for (const auto& image : list_at(document, "/Metadata/RepoDigests", report)) {
        add_digest(image.text(""), report);
    }
    const auto& results = list_at(document, "/Results", report);
    if (std::ranges::none_of(results, is_about_packages)) {
        complain(report, "nothing in it was looked through for vulnerabilities");
    }
    for (const auto& result : results) {
        for (const auto& entry : list_at(result, "/Vulnerabilities", report)) {
            report.findings.push_back(read_finding(entry, report));
        }
    }
    return report;
}

}  // namespace deployctl::gates
