// SPDX-License-Identifier: Apache-2.0
#include "gates/scan_report.hpp"

#include "documents/json.hpp"
#include "model/image.hpp"
#include "model/named.hpp"
#include "model/text.hpp"
#include "ports/printed.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace deployctl::gates {

namespace {

const Value::Array no_items;

/// All that the readers look at, by whatever name; descriptions and links are most of a report. A
/// report of a hundred thousand findings has fewer values than this.
const documents::WantedMembers wanted{
    {
        // Trivy
        "SchemaVersion",
        "ArtifactName",
        "CreatedAt",
        "Metadata",
        "RepoDigests",
        "Results",
        "Class",
        "Vulnerabilities",
        "VulnerabilityID",
        "PkgName",
        "InstalledVersion",
        "Severity",
        // Grype
        "matches",
        "descriptor",
        "timestamp",
        "source",
        "target",
        "userInput",
        "repoDigests",
        "vulnerability",
        "relatedVulnerabilities",
        "id",
        "severity",
        "artifact",
        "name",
        "version",
        // SARIF
        "runs",
        "tool",
        "driver",
        "extensions",
        "rules",
        "properties",
        "security-severity",
        "defaultConfiguration",
        "level",
        "invocations",
        "endTimeUtc",
        "executionSuccessful",
        "imageName",
        "results",
        "ruleId",
        "rule",
        "ruleIndex",
        "index",
        "kind",
        "baselineState",
        "locations",
        "physicalLocation",
        "artifactLocation",
        "uri",
        "region",
        "startLine",
        "message",
        "text",
    },
    1'500'000,
};

/// The same in the same package is one, as bad as the worst of them.
void count_each_once(std::vector<Finding>& findings) {
    std::ranges::sort(findings, [](const Finding& one, const Finding& other) {
        return std::tie(one.id, one.package, other.rating) <
               std::tie(other.id, other.package, one.rating);
    });
    const auto rest = std::ranges::unique(findings, [](const Finding& one, const Finding& other) {
        return one.id == other.id && one.package == other.package;
    });
    findings.erase(rest.begin(), rest.end());
    std::ranges::stable_sort(findings, [](const Finding& one, const Finding& other) {
        return one.rating > other.rating;
    });
}

ScanReport read_known(const Value& document) {
    if (document.at("/runs").is_array()) {
        return read_sarif(document);
    }
    if (document.has("/SchemaVersion") && document.has("/ArtifactName")) {
        return read_trivy(document);
    }
    if (document.has("/matches") && document.has("/descriptor")) {
        return read_grype(document);
    }
    ScanReport report;
    complain(report, "it is no report of Trivy or Grype, and no SARIF");
    return report;
}

}  // namespace

const char* to_text(Rating rating) {
    switch (rating) {
        case Rating::unknown: return "unknown";
        case Rating::low: return "low";
        case Rating::medium: return "medium";
        case Rating::high: return "high";
        case Rating::critical: return "critical";
    }
    return "";
}

ScanReport read_scan_report(std::string_view text) {
    const auto document = documents::try_read_json_only(wanted, text);
    ScanReport report;
    if (!document) {
        complain(
            report,
            "it is no whole JSON, or nested too deeply, or tells of more than " +
                std::to_string(wanted.most_values) + " things"
        );
        return report;
    }
    report = read_known(*document);
    if (!report.trouble.empty()) {
        report.findings.clear();
    }
    count_each_once(report.findings);
    return report;
}

void complain(ScanReport& report, const std::string& trouble) {
    if (report.trouble.empty()) {
        report.trouble = one_line(trouble);
    }
}

const Value::Array& list_at(const Value& from, const Pointer& place, ScanReport& report) {
    const auto& found = from.at(place);
    if (!found.is_array() && !found.is_null()) {
        complain(report, std::string(place.text()) + " is no list");
    }
    return found.is_array() ? found.items() : no_items;
}

std::string text_at(const Value& from, const Pointer& place, ScanReport& report) {
    auto text = from.text(place);
    if (text.empty()) {
        complain(report, "an entry has no " + std::string(place.text().substr(1)));
    }
    return text;
}

Rating rating_at(const Value& from, const Pointer& place, ScanReport& report) {
    constexpr std::array ratings{
        Rating::unknown, Rating::low, Rating::medium, Rating::high, Rating::critical
    };
    constexpr std::string_view less_than_low = "negligible";
    const auto text = lower(text_at(from, place, report));
    const auto rating = text == less_than_low ? Rating::low : read_name(text, ratings);
    if (!rating) {
        complain(report, "`" + text + "` is no severity");
    }
    return rating.value_or(Rating::unknown);
}

void read_made_at(const Value& time, ScanReport& report) {
    if (time.is_null()) {
        return;
    }
    const auto read = read_rfc3339(time.text(""));
    if (!read) {
        complain(report, "its time is none: " + documents::write_json(time));
        return;
    }
    report.made_at = report.made_at ? std::min(*report.made_at, *read) : *read;
}

void add_digest(std::string_view image, ScanReport& report) {
    const auto digest = read_image(image).digest;
    if (digest.starts_with("sha256:") && !std::ranges::count(report.digests, digest)) {
        report.digests.push_back(digest);
    }
}

}  // namespace deployctl::gates
