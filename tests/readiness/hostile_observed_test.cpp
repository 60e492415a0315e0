// SPDX-License-Identifier: Apache-2.0
// Trees of strangers that would cost hours where a question looks at all for each: they end, and
// what could not be asked is not known.
#include "tests/readiness/assessing.hpp"

#include <catch2/catch.hpp>

#include <chrono>

namespace deployctl::readiness {
namespace {

/// All rules that are compiled in, asked of these files, in less than this.
void ends_soon(const Texts& texts) {
    const auto begin = std::chrono::steady_clock::now();
    const auto assessment = assess(texts, own_rules());
    const auto took = std::chrono::steady_clock::now() - begin;
    CHECK(!assessment.results.empty());
    CHECK(std::chrono::duration_cast<std::chrono::seconds>(took).count() < 20);
}

std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int count = 0; count < times; ++count) {
        all += text;
    }
    return all;
}

std::string numbered(const std::string& before, const std::string& after, int times) {
    std::string all;
    for (int count = 0; count < times; ++count) {
        all += before + std::to_string(count) + after;
    }
    return all;
}

TEST_CASE("templates of GitLab that double at each level end", "[readiness]") {
    std::string text;
    for (char level = 'a'; level < 'm'; ++level) {
        const std::string next = std::string(".") + static_cast<char>(level + 1);
        text +=
            std::string(".") + level + ": {extends: [" + repeated(next + ", ", 50) + next + "]}\n";
    }
    ends_soon({{".gitlab-ci.yml", text + "job: {extends: .a, script: [ls]}\n"}});
}

TEST_CASE("jobs that all need each other end", "[readiness]") {
    std::string needs = "[" + numbered("j", ", ", 300) + "j0]";
    std::string jobs = numbered(
        "  j",
        ": {runs-on: x, environment: production, needs: " + needs +
            ", steps: [{run: helm upgrade a b}]}\n",
        300
    );
    ends_soon(
        {{".github/workflows/a.yml",
          "on: pull_request\njobs:\n  s: {runs-on: x, environment: staging}\n" + jobs}}
    );
}

TEST_CASE("thousands of alerts through thousands of routes end", "[readiness]") {
    ends_soon(
        {{"rules.yaml",
          "groups:\n- name: a\n  rules:\n" +
              repeated("  - {alert: A, expr: a > 1, labels: {severity: critical}}\n", 4'000)},
         {"alertmanager.yml",
          "receivers: [{name: a}]\nroute:\n  receiver: a\n  routes:\n" +
              repeated("  - {matchers: ['severity=~\"warning|info\"'], receiver: a}\n", 4'000)}}
    );
}

TEST_CASE("a Makefile of backups and a script of promises end", "[readiness]") {
    ends_soon(
        {{"Makefile", numbered("backup", ":\n\tpg_dump a > b\n", 20'000)},
         {"a.sh", repeated("# usage: [a|b|c|d]\nls\n", 20'000)},
         {"b.md", repeated("RPO: 5 minutes, across regions, nightly backups, `make x`\n", 5'000)}}
    );
}

}  // namespace
}  // namespace deployctl::readiness
