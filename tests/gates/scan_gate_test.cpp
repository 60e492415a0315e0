// SPDX-License-Identifier: Apache-2.0
#include "gates/scan_gate.hpp"

#include "documents/json.hpp"
#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Matchers::Contains;
using tests::GateBench;

namespace {

const std::string digest = "sha256:" + std::string(64, '2');
const std::string deployed = "registry/shop/web:v2@" + digest;
const WallTime now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 30);

ScanQuestion question() {
    ScanQuestion question;
    question.file = "reports/v2.json";
    return question;
}

std::string entry(const std::string& id, const std::string& severity) {
    return R"({"VulnerabilityID": ")" + id + R"(", "PkgName": "p", "Severity": ")" + severity +
           R"("})";
}

std::string report(const std::string& entries, const std::string& image = "web@" + digest) {
    return R"({"SchemaVersion": 2, "CreatedAt": "2026-11-29T20:00:00Z", "ArtifactName": ")" +
           image + R"(", "Results": [{"Class": "os-pkgs", "Vulnerabilities": [)" + entries + "]}]}";
}

FileAnswer file(const std::string& text, WallTime modified = now) {
    return {FileAnswer::Kind::read, text, modified, ""};
}

Verdict judged(const ScanQuestion& question, const std::string& text) {
    return gates::judge(question, {file(text), std::nullopt}, deployed, now);
}

const std::string bad_report = report(
    entry("CVE-1", "HIGH") + "," + entry("CVE-2", "CRITICAL") + "," + entry("CVE-3", "LOW") + "," +
    entry("CVE-4", "CRITICAL") + "," + entry("CVE-2", "CRITICAL")
);

}  // namespace

TEST_CASE("a report within its limits passes, above them it fails", "[gates]") {
    const auto bad = judged(question(), bad_report);
    CHECK(bad.answer == Answer::fail);
    CHECK(bad.measured == "2 critical, 1 high");
    CHECK(bad.limit == "0 critical, 0 high");
    CHECK(bad.reason == "reports/v2.json by trivy: CVE-2, CVE-4, CVE-1, CVE-3; 1 low");
    CHECK(bad.evidence.text("/worst/0/id") == "CVE-2");
    CHECK(bad.evidence.text("/sha256") == documents::sha256_hex(bad_report));
    CHECK(judged(question(), report("")).answer == Answer::pass);
    CHECK(judged(question(), report(entry("CVE-3", "MEDIUM"))).answer == Answer::pass);
    auto patient = question();
    patient.max_critical = 2;
    patient.max_high = 1;
    patient.max_low = 1;
    CHECK(judged(patient, bad_report).answer == Answer::pass);
    CHECK(judged(patient, bad_report).measured == "2 critical, 1 high, 1 low");
    patient.max_low = 0;
    CHECK(judged(patient, bad_report).answer == Answer::fail);
}

TEST_CASE("the reason names at most five, however many there are", "[gates]") {
    std::string many;
    for (int i = 100; i < 400; ++i) {
        many += (many.empty() ? "" : ",") + entry("CVE-" + std::to_string(i), "CRITICAL");
    }
    const auto bad = judged(question(), report(many));
    CHECK(bad.measured == "300 critical, 0 high");
    CHECK(bad.reason == "reports/v2.json by trivy: CVE-100, CVE-101, CVE-102, CVE-103, CVE-104");
    CHECK(bad.evidence.items("/worst").size() == 5);
    const auto hostile = judged(question(), report(entry(std::string(1'000'000, 'x'), "CRITICAL")));
    CHECK(hostile.reason.size() < 500);
    CHECK(documents::write_json(hostile.evidence).size() < 2000);
}

TEST_CASE("what a VEX document excuses does not count, and is told apart", "[gates]") {
    auto asked = question();
    asked.vex = "vex.json";
    const auto excuse = [](const std::string& id) {
        return R"({"id": ")" + id + R"(", "analysis": {"state": "not_affected"}})";
    };
    const auto vex = R"({"bomFormat": "CycloneDX", "vulnerabilities": [)" + excuse("CVE-2") + "," +
                     excuse("CVE-4") + "," + excuse("CVE-1") + "]}";
    const auto good = gates::judge(asked, {file(bad_report), file(vex)}, deployed, now);
    CHECK(good.answer == Answer::pass);
    CHECK(good.measured == "0 critical, 0 high");
    CHECK_THAT(good.reason, Contains("3 excused by vex.json"));
    const FileAnswer missing{FileAnswer::Kind::missing, "", {}, "No such file or directory"};
    CHECK(gates::judge(asked, {file(bad_report), missing}, deployed, now).answer == Answer::error);
    CHECK(
        gates::judge(asked, {file(report("")), file("{}")}, deployed, now).answer == Answer::error
    );
}

TEST_CASE("a report about another image fails, one about no image has proven nothing", "[gates]") {
    const auto other = "sha256:" + std::string(64, '9');
    const auto wrong = judged(question(), report("", "web@" + other));
    CHECK(wrong.answer == Answer::fail);
    CHECK(wrong.measured == other);
    CHECK(wrong.limit == digest);
    const auto unnamed = judged(question(), report("", "web:v2"));
    CHECK(unnamed.answer == Answer::inconclusive);
    CHECK_THAT(
        unnamed.reason, Contains("the report names no digest") && Contains("any_digest: true")
    );
    const auto unpinned = gates::judge(question(), {file(report("")), {}}, "web:v2", now);
    CHECK(unpinned.answer == Answer::inconclusive);
    CHECK_THAT(unpinned.reason, Contains("the image that is deployed names no digest"));
    auto any = question();
    any.any_digest = true;
    CHECK(judged(any, report("", "web:v2")).answer == Answer::pass);
    CHECK(judged(any, report("", "web@" + other)).answer == Answer::pass);
    CHECK(gates::judge(any, {file(report("")), {}}, "", now).answer == Answer::pass);
}

TEST_CASE("a report that is too old, or of tomorrow, is an error", "[gates]") {
    auto asked = question();
    asked.max_age = std::chrono::hours(4);
    CHECK(judged(asked, report("")).answer == Answer::pass);
    asked.max_age = std::chrono::hours(3);
    CHECK(judged(asked, report("")).answer == Answer::error);
    CHECK_THAT(judged(asked, report("")).reason, Contains("4h00m old, at most 3h"));
    const gates::ScanPapers papers{file(report("")), std::nullopt};
    const auto made = now - std::chrono::hours(4);
    CHECK(gates::judge(asked, papers, deployed, made - minutes(5)).answer == Answer::pass);
    CHECK(gates::judge(asked, papers, deployed, made - minutes(6)).answer == Answer::error);
}

TEST_CASE("a report that does not say when it was made is as old as its file", "[gates]") {
    auto asked = question();
    asked.any_digest = true;
    const std::string sarif = R"({"version": "2.1.0", "runs": [{"tool": {}, "results": []}]})";
    const auto at = [&](Duration ago) {
        return gates::judge(asked, {file(sarif, now - ago), {}}, deployed, now).answer;
    };
    CHECK(at(std::chrono::hours(24)) == Answer::pass);
    CHECK(at(std::chrono::hours(25)) == Answer::error);
    CHECK(at(-minutes(6)) == Answer::error);
}

TEST_CASE("a report that cannot be read is an error that names it", "[gates]") {
    GateBench bench;
    auto asked = question();
    asked.file = "reports/${version}.json";
    CHECK(bench.ask(asked).answer == Answer::error);
    CHECK_THAT(bench.ask(asked).reason, Contains("reports/v2.json cannot be read: No such file"));
    bench.files.has("reports/v2.json", std::string(gates::most_report_bytes + 1, ' '));
    CHECK_THAT(bench.ask(asked).reason, Contains("larger than the limit"));
    for (const auto* text : {"", "[", "{}", "null", "7"}) {
        bench.files.has("reports/v2.json", text, bench.clock.now());
        CHECK(bench.ask(asked).answer == Answer::error);
    }
    bench.files.has("reports/v2.json", R"({"matches": [], "descriptor": {}})", bench.clock.now());
    asked.any_digest = true;
    CHECK(bench.ask(asked).answer == Answer::pass);
}
