// SPDX-License-Identifier: Apache-2.0
#include "gates/vex.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Matchers::Contains;
using gates::read_vex;

namespace {

std::string cyclonedx(const std::string& vulnerabilities) {
    return R"({"bomFormat": "CycloneDX", "specVersion": "1.6", "vulnerabilities": [)" +
           vulnerabilities + "]}";
}

std::string open_vex(const std::string& statements) {
    return R"({"@context": "https://openvex.dev/ns/v0.2.0", "statements": [)" + statements + "]}";
}

using Names = std::set<std::string, std::less<>>;

}  // namespace

TEST_CASE("CycloneDX excuses by the state of the analysis", "[gates]") {
    const auto excuses = read_vex(cyclonedx(R"(
        {"id": "CVE-1", "analysis": {"state": "not_affected"}},
        {"id": "CVE-2", "analysis": {"state": "false_positive"}},
        {"id": "CVE-3", "analysis": {"state": "resolved"}},
        {"id": "CVE-4", "analysis": {"state": "exploitable"}},
        {"id": "CVE-5", "analysis": {"state": "in_triage"}},
        {"id": "CVE-6", "analysis": {"state": "whatever"}}, {"id": "CVE-7"},
        {"analysis": {"state": "resolved"}})"));
    CHECK(excuses.trouble.empty());
    CHECK(excuses.ids == Names{"CVE-1", "CVE-2", "CVE-3"});
}

TEST_CASE("OpenVEX excuses by the status, under each name", "[gates]") {
    const auto excuses = read_vex(open_vex(R"(
        {"vulnerability": {"name": "CVE-1", "aliases": ["GHSA-1"]}, "status": "not_affected"},
        {"vulnerability": {"@id": "CVE-2"}, "status": "fixed"},
        {"vulnerability": "CVE-3", "status": "affected"},
        {"vulnerability": "CVE-4", "status": "under_investigation"},
        {"vulnerability": 5, "status": "fixed"})"));
    CHECK(excuses.trouble.empty());
    CHECK(excuses.ids == Names{"CVE-1", "CVE-2", "GHSA-1"});
}

TEST_CASE("the last word about a product counts, and each product does", "[gates]") {
    const std::string doubt =
        R"({"vulnerability": "CVE-1", "products": [{"@id": "a"}], "status": "affected"})";
    const std::string fixed =
        R"({"vulnerability": "CVE-1", "products": [{"@id": "a"}], "status": "fixed"})";
    const std::string other =
        R"({"vulnerability": "CVE-1", "products": [{"@id": "b"}], "status": "affected"})";
    CHECK(read_vex(open_vex(doubt + "," + fixed)).ids == Names{"CVE-1"});
    CHECK(read_vex(open_vex(fixed + "," + doubt)).ids.empty());
    CHECK(read_vex(open_vex(fixed + "," + other)).ids.empty());
}

TEST_CASE("what is no VEX document excuses nothing, and is told", "[gates]") {
    for (const auto* text :
         {"",
          "{",
          "{}",
          "[]",
          R"({"bomFormat": "CycloneDX"})",
          R"({"bomFormat": "SPDX", "vulnerabilities": []})",
          R"({"@context": "https://example.com", "statements": []})",
          R"({"@context": "https://openvex.dev/ns", "statements": {}})"}) {
        CAPTURE(text);
        const auto excuses = read_vex(text);
        CHECK_FALSE(excuses.trouble.empty());
        CHECK(excuses.ids.empty());
    }
    CHECK_THAT(read_vex(std::string(100'000, '[')).trouble, Contains("nested too deeply"));
}
