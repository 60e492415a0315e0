// SPDX-License-Identifier: Apache-2.0
// Reports as Trivy, Grype and writers of SARIF make them, after their public schemas; and those
// that nobody should believe.
#include "gates/scan_report.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Matchers::Contains;
using gates::read_scan_report;

namespace {

const std::string trivy =
    R"({"SchemaVersion": 2, "CreatedAt": "2026-11-29T22:00:00.123456789+02:00",
  "ArtifactName": "registry/shop/web:v2", "ArtifactType": "container_image",
  "Metadata": {"ImageID": "sha256:0c", "RepoDigests": ["registry/shop/web@sha256:22"]},
  "Results": [
    {"Target": "web, debian 12", "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": [
      {"VulnerabilityID": "CVE-2026-1", "PkgName": "openssl", "InstalledVersion": "3.0.1", "Severity": "HIGH"},
      {"VulnerabilityID": "CVE-2026-2", "PkgName": "xz", "InstalledVersion": "5.6.0", "Severity": "CRITICAL"}]},
    {"Target": "app.jar", "Class": "lang-pkgs", "Vulnerabilities": [
      {"VulnerabilityID": "CVE-2026-1", "PkgName": "openssl", "InstalledVersion": "3.0.1", "Severity": "HIGH"},
      {"VulnerabilityID": "CVE-2026-1", "PkgName": "libssl", "InstalledVersion": "3.0.1", "Severity": "LOW"},
      {"VulnerabilityID": "CVE-2026-9", "PkgName": "zlib", "InstalledVersion": "1.3", "Severity": "UNKNOWN"}]}]})";

const std::string grype = R"({"matches": [
    {"vulnerability": {"id": "GHSA-1", "severity": "Critical"},
     "relatedVulnerabilities": [{"id": "CVE-2026-3"}], "artifact": {"name": "log4j", "version": "2.14"}},
    {"vulnerability": {"id": "CVE-2026-4", "severity": "Negligible"}, "artifact": {"name": "bash", "version": "5"}}],
  "source": {"type": "image", "target": {"userInput": "registry/shop/web@sha256:22", "repoDigests": []}},
  "descriptor": {"name": "grype", "version": "0.80.0", "timestamp": "2026-11-29T20:00:00Z"}})";

std::string sarif(const std::string& rules, const std::string& results) {
    return R"({"version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "runs": [
      {"tool": {"driver": {"name": "snyk", "rules": [)" +
           rules + R"(]}}, "results": [)" + results + "]}]}";
}

std::string told(const gates::ScanReport& report) {
    std::string text;
    for (const auto& finding : report.findings) {
        text += finding.id + " " + to_text(finding.rating) + "; ";
    }
    return text;
}

std::string trouble_with(const std::string& text) {
    const auto report = read_scan_report(text);
    CHECK(report.findings.empty());
    return report.trouble;
}

std::string replaced(std::string text, const std::string& old, const std::string& now) {
    const auto at = text.find(old);
    REQUIRE(at != std::string::npos);
    return text.replace(at, old.size(), now);
}

}  // namespace

TEST_CASE("Trivy's findings count once a package, the worst first", "[gates]") {
    const auto report = read_scan_report(trivy);
    CHECK(report.trouble.empty());
    CHECK(report.tool == "trivy");
    CHECK(to_rfc3339(report.made_at.value()) == "2026-11-29T20:00:00.123456Z");
    CHECK(report.digests == std::vector<std::string>{"sha256:22"});
    CHECK(
        told(report) == "CVE-2026-2 critical; CVE-2026-1 high; CVE-2026-1 low; CVE-2026-9 unknown; "
    );
}

TEST_CASE("Grype's findings know what others call them", "[gates]") {
    const auto report = read_scan_report(grype);
    CHECK(report.trouble.empty());
    CHECK(report.digests == std::vector<std::string>{"sha256:22"});
    CHECK(told(report) == "GHSA-1 critical; CVE-2026-4 low; ");
    CHECK(report.findings.front().also == std::vector<std::string>{"CVE-2026-3"});
}

TEST_CASE("SARIF is rated by the rule's score, else by the level", "[gates]") {
    const auto rules =
        R"({"id": "A", "properties": {"security-severity": "9.0"}},
        {"id": "B", "properties": {"security-severity": "8.9"}},
        {"id": "C", "properties": {"security-severity": 4}},
        {"id": "D", "properties": {"security-severity": "3.9"}},
        {"id": "E", "defaultConfiguration": {"level": "note"}}, {"id": "F"})";
    const auto results =
        R"({"ruleId": "A", "level": "note"}, {"ruleIndex": 1}, {"rule": {"id": "C"}},
        {"ruleId": "D"}, {"ruleId": "E"}, {"ruleId": "F"}, {"ruleId": "G", "level": "error"},
        {"ruleId": "H", "kind": "pass"}, {"ruleId": "I", "baselineState": "absent"})";
    const auto report = read_scan_report(sarif(rules, results));
    CHECK(report.trouble.empty());
    CHECK(report.tool == "snyk");
    CHECK_FALSE(report.made_at.has_value());
    CHECK(told(report) == "A critical; B high; G high; C medium; F medium; D low; E low; ");
}

TEST_CASE("two results of SARIF with one rule are two, the same result twice is one", "[gates]") {
    const std::string one = R"({"ruleId": "A", "message": {"text": "Package: openssl"}})";
    const std::string other = R"({"ruleId": "A", "message": {"text": "Package: xz"}})";
    const auto report = read_scan_report(sarif("", one + "," + other + "," + one));
    CHECK(told(report) == "A medium; A medium; ");
}

TEST_CASE("a report that nobody understands has no findings but trouble", "[gates]") {
    CHECK_THAT(trouble_with(""), Contains("no whole JSON"));
    CHECK_THAT(trouble_with(trivy.substr(0, trivy.size() - 1)), Contains("no whole JSON"));
    CHECK_THAT(trouble_with(std::string(100'000, '[')), Contains("nested too deeply"));
    CHECK_THAT(trouble_with("[]"), Contains("no report of Trivy or Grype"));
    CHECK_THAT(trouble_with("{}"), Contains("no report of Trivy or Grype"));
    CHECK_THAT(trouble_with("null"), Contains("no report of Trivy or Grype"));
    CHECK_THAT(trouble_with(replaced(trivy, "\"HIGH\"", "\"BAD\"")), Contains("`bad`"));
    CHECK_THAT(trouble_with(replaced(trivy, "\"HIGH\"", "7")), Contains("no Severity"));
    CHECK_THAT(trouble_with(replaced(trivy, "\"HIGH\"", "NaN")), Contains("no whole JSON"));
    CHECK_THAT(
        trouble_with(replaced(trivy, "\"CVE-2026-1\"", "null")), Contains("VulnerabilityID")
    );
    CHECK_THAT(trouble_with(replaced(trivy, "+02:00", "")), Contains("its time is none"));
    CHECK_THAT(trouble_with(replaced(grype, "\"Critical\"", "\"9.8\"")), Contains("`9.8`"));
    CHECK_THAT(
        trouble_with(sarif(
            R"({"id": "A", "properties": {"security-severity": "NaN"}})", R"({"ruleId": "A"})"
        )),
        Contains("security-severity")
    );
    CHECK_THAT(
        trouble_with(
            sarif(R"({"id": "A", "properties": {"security-severity": "-1"}})", R"({"ruleId": "A"})")
        ),
        Contains("security-severity")
    );
    CHECK_THAT(
        trouble_with(sarif("", R"({"ruleId": "A", "level": 3}, {"ruleId": "B", "level": "bad"})")),
        Contains("no level")
    );
    CHECK_THAT(
        trouble_with(sarif("", R"({"ruleIndex": 7})")), Contains("no tool/driver/rules/7/id")
    );
    CHECK_THAT(trouble_with(sarif("", R"("text")")), Contains("rules/-1"));
}

TEST_CASE(
    "a report of more than anybody reads is trouble, what nobody asks for is no matter", "[gates]"
) {
    std::string many = R"({"version": "2.1.0", "runs": [{"results": [)";
    for (int i = 0; i < 1'600'000; ++i) {
        many += "0,";
    }
    CHECK_THAT(trouble_with(many + "0]}]}"), Contains("more than 1500000 things"));
    std::string words = R"({"version": "2.1.0", "runs": [{"properties": {"notes": [)";
    for (int i = 0; i < 1'600'000; ++i) {
        words += "0,";
    }
    CHECK(read_scan_report(words + R"(0]}, "results": []}]})").trouble.empty());
}

TEST_CASE("a report that has looked for nothing is no good news", "[gates]") {
    const std::string head = R"({"SchemaVersion": 2, "ArtifactName": "web")";
    CHECK_THAT(trouble_with(head + "}"), Contains("nothing in it was looked through"));
    CHECK_THAT(trouble_with(head + R"(, "Results": []})"), Contains("nothing in it"));
    CHECK_THAT(trouble_with(head + R"(, "Results": "none"})"), Contains("no list"));
    CHECK_THAT(
        trouble_with(head + R"(, "Results": [{"Class": "secret"}]})"), Contains("nothing in it")
    );
    CHECK(read_scan_report(head + R"(, "Results": [{"Class": "os-pkgs"}]})").trouble.empty());
    CHECK_THAT(
        trouble_with(R"({"matches": null, "descriptor": {}})"), Contains("nothing was looked for")
    );
    CHECK_THAT(trouble_with(R"({"version": "2.1.0", "runs": []})"), Contains("no run"));
    CHECK_THAT(trouble_with(R"({"version": "2.1.0", "runs": [{}]})"), Contains("no results"));
    CHECK_THAT(
        trouble_with(R"({"version": "2.0.0", "runs": [{"results": []}]})"), Contains("2.0.0")
    );
    CHECK_THAT(
        trouble_with(R"({"version": "2.1.0", "runs": [{"results": [],
            "invocations": [{"executionSuccessful": false}]}]})"),
        Contains("did not end well")
    );
}
